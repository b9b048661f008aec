import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PROGRESS_FILE_VARIABLE, progressLine, watchProgress } from './progress.ts'
import { eventually } from '../test/support/eventually.ts'

const ROOT = join(import.meta.dirname, '..')

test.each([
  [undefined, `...   ${'lint'.padEnd(36)} running for 25 s`],
  [
    { files: 60, done: 12, failed: 0, running: ['a.test.ts', 'b.test.ts'] },
    `...   ${'lint'.padEnd(36)} 12 of 60 files done  25 s  now a.test.ts, b.test.ts`,
  ],
  [
    { files: 60, done: 60, failed: 2, running: [] },
    `...   ${'lint'.padEnd(36)} 60 of 60 files done, 2 failed  25 s`,
  ],
])('of %j is one line', (progress, line) => {
  expect(progressLine('lint', progress, 25_400)).toBe(line)
})

test('a suite is reported again and again, until it is over', async () => {
  const [lines, later]: [string[], string[]] = [[], []]
  const watched = watchProgress('unit', { print: (line) => void lines.push(line), everyMs: 5 })
  await eventually(() => expect(lines.length).toBeGreaterThanOrEqual(2))
  watched[Symbol.dispose]()
  const told = lines.length
  using _ = watchProgress('store', { print: (line) => void later.push(line), everyMs: 5 })
  await eventually(() => expect(later.length).toBeGreaterThanOrEqual(3))
  expect(lines).toHaveLength(told)
})

test('the reporter tells of a run which files are over, which failed and which run', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-progress-'))
  try {
    const file = join(folder, 'progress.json')
    const go = join(folder, 'go')
    const tests = {
      'a.test.ts': 'test("a", () => {})',
      'b.test.ts': 'test("b", () => { throw new Error("b") })',
      'c.test.ts': `test("c", async () => {
         for (;;) {
           if (existsSync(${JSON.stringify(go)})) return
           await new Promise((resolve) => setTimeout(resolve, 10))
         }
       })`,
    }
    await mkdir(join(folder, 'tests'))
    for (const [name, body] of Object.entries(tests)) {
      const source = `import { existsSync } from 'node:fs'\nimport { test } from 'vitest'\n${body}\n`
      await writeFile(join(folder, 'tests', name), source)
    }
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
    const run = spawn(
      process.execPath,
      [
        join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--maxWorkers=2',
        '--root',
        folder,
        `--reporter=${join(ROOT, 'scripts', 'vitest-progress.ts')}`,
      ],
      { cwd: folder, stdio: 'ignore', env: { ...process.env, [PROGRESS_FILE_VARIABLE]: file } },
    )
    const ended = once(run, 'exit')
    const progress = async (): Promise<unknown> => JSON.parse(await readFile(file, 'utf8')) as unknown
    try {
      await eventually(async () =>
        expect(await progress()).toEqual({ files: 3, done: 2, failed: 1, running: ['tests/c.test.ts'] }),
      )
      await writeFile(go, '')
      await ended
    } finally {
      run.kill('SIGKILL')
    }
    expect(await progress()).toEqual({ files: 3, done: 3, failed: 1, running: [] })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

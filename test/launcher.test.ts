import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, test } from 'vitest'
import { isNewEnough } from '../scripts/find-node.mjs'

const folder = mkdtempSync(join(tmpdir(), 'sallyport launcher '))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  return path
}

/** A program that reports on itself and takes a command as its first argument. */
const fixture = file(
  'fixture with spaces.mjs',
  `import { getCompileCacheDir } from 'node:module'
   const [command, ...rest] = process.argv.slice(2)
   const path = process.env.PATH
   const report = () => console.log(JSON.stringify({ version: process.version, main: import.meta.main, file: process.argv[1], path, rest,
     execPath: process.execPath, compiled: getCompileCacheDir(), typeOfGc: typeof globalThis.gc }))
   if (command !== 'wait') report()
   if (command === 'code') process.exitCode = 7
   if (command === 'throw') throw new Error('test error')
   if (command === 'die') process.kill(process.pid, 'SIGKILL')
   if (command === 'wait') {
     const alive = setInterval(() => {}, 1000)
     for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => console.log(signal))
     process.on('SIGTERM', () => { clearInterval(alive); process.exitCode = 5 })
     report()
   }`,
)

// Copied out of the repository, so that it does not share the repository's cache.
for (const name of ['node.mjs', 'find-node.mjs', 'node']) {
  cpSync(join(import.meta.dirname, '..', 'scripts', name), join(folder, 'scripts', name), { recursive: true })
}
const launcher = join(folder, 'scripts', 'node.mjs')

/** Every Node.js on PATH that is too old for the project. */
const nodesOnPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .map((entry) => join(entry, 'node'))
  .filter((node) => existsSync(node))
const olderNodes = [...new Set(nodesOnPath.map((node) => realpathSync(node)))]
  .map((node) => ({ node, version: spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim() }))
  .filter(({ version }) => !isNewEnough(version))

const modes = [
  { mode: 'in its own process', node: process.execPath, flags: [] },
  { mode: 'in a child process, for flags', node: process.execPath, flags: ['--expose-gc'] },
  ...olderNodes.map(({ node, version }) => ({
    mode: `in a child process of ${version} at ${node}`,
    node,
    flags: [],
  })),
]

describe.each(modes)('the launcher $mode', ({ node, flags }) => {
  const launchWith = (variables: NodeJS.ProcessEnv, ...args: string[]) =>
    spawnSync(node, [launcher, ...flags, fixture, ...args], {
      encoding: 'utf8',
      env: { ...process.env, ...variables },
      cwd: tmpdir(),
    })
  const launch = (...args: string[]) => launchWith({}, ...args)

  test('runs the file as the main module, on a new enough Node.js that is first on PATH', () => {
    const { stdout, status } = launch('report')
    const reported = JSON.parse(stdout) as {
      version: string
      main: boolean
      file: string
      path: string
      execPath: string
      typeOfGc: string
    }
    expect(isNewEnough(reported.version)).toBe(true)
    expect(reported.main).toBe(true)
    expect(reported.file).toBe(fixture)
    expect(reported.path.split(delimiter)[0]).toBe(dirname(reported.execPath))
    expect(reported.typeOfGc).toBe(flags.length > 0 ? 'function' : 'undefined')
    expect(status).toBe(0)
  })

  test('keeps compiled modules below its own folder, or where the environment says', () => {
    const elsewhere = join(folder, 'elsewhere')
    for (const [chosen, used] of [
      [undefined, join(folder, 'node_modules', '.cache', 'sallyport', 'compiled')],
      [elsewhere, elsewhere],
    ]) {
      const { compiled } = JSON.parse(launchWith({ NODE_COMPILE_CACHE: chosen }, 'report').stdout) as {
        compiled: string
      }
      expect(dirname(compiled)).toBe(used)
    }
  })

  test('passes arguments unchanged', () => {
    const awkward = [
      'two words',
      `"double" and 'single'`,
      '',
      '--flag=a b',
      '$HOME',
      '*',
      '\\',
      'line\nbreak',
    ]
    expect(JSON.parse(launch('report', ...awkward).stdout)).toMatchObject({ rest: awkward })
  })

  test.each([
    ['code', { status: 7, signal: null }],
    ['throw', { status: 1, signal: null }],
    ['die', { status: null, signal: 'SIGKILL' }],
  ])('exits like the file: %s', (command, end) => {
    expect(launch(command)).toMatchObject(end)
  })

  test('forwards each signal once and waits for the program to exit', async () => {
    // A new session has no terminal that could also interrupt the child.
    const started = spawn(node, [launcher, ...flags, fixture, 'wait'], { detached: true })
    try {
      const ended = once(started, 'close')
      const lines = createInterface({ input: started.stdout })[Symbol.asyncIterator]()
      await lines.next()
      for (const signal of ['SIGINT', 'SIGHUP', 'SIGTERM'] as const) {
        started.kill(signal)
        expect(await lines.next()).toEqual({ value: signal, done: false })
      }
      expect(await lines.next()).toMatchObject({ done: true })
      expect(await ended).toEqual([5, null])
    } finally {
      started.kill('SIGKILL')
    }
  })
})

describe('the launcher', () => {
  test('prints its usage without a file argument', () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [launcher, '--expose-gc'], {
      encoding: 'utf8',
    })
    expect(status).toBe(2)
    expect(stderr).toContain('Usage')
    expect(stdout).toBe('')
  })

  test('fails if the file does not exist', () => {
    const { status } = spawnSync(process.execPath, [launcher, join(folder, 'nowhere.ts')], {
      encoding: 'utf8',
    })
    expect(status).toBe(1)
  })
})

test.each([
  ['v26.1.0', true],
  ['25.0.0', true],
  ['24.7.0\n', true],
  ['v24.6.99', false],
  ['v20.20.2', false],
  ['', false],
  ['vx.1.0', false],
])('decides whether %j is new enough', (version, expected) => {
  expect(isNewEnough(version)).toBe(expected)
})

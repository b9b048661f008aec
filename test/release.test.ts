import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from './support/eventually.ts'
import { commandBlocks, runPasted } from './support/pasted-commands.ts'

/*
 * The packed release in an empty folder, with no other file of this repository.
 */

const ROOT = join(import.meta.dirname, '..')
const run = promisify(execFile)
const stack = new AsyncDisposableStack()
/** A folder with the installed packages and nothing else. */
let app: string

beforeAll(async () => {
  const [block] = commandBlocks(readFileSync(join(ROOT, 'docs', 'cli.md'), 'utf8'), 'release')
  const { commands = '', shows = '' } = block ?? {}
  const [output = '', folder = ''] = await runPasted([commands, 'echo "$FOLDER"'], { cwd: ROOT })
  app = folder.trim()
  stack.defer(async () => await rm(app, { recursive: true }))
  expect(output).toContain(shows)
})

afterAll(async () => {
  await stack.disposeAsync()
})

/** Runs `npx sallyport` in the folder. */
async function sallyport(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  try {
    return { code: 0, ...(await run('npx', ['--offline', 'sallyport', ...args], { cwd: app })) }
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string }
  }
}

test('npx sallyport shows what it can do', async () => {
  const help = await sallyport('--help')
  expect(help).toMatchObject({ code: 0, stderr: '' })
  for (const words of ['serve', 'demo', 'scan', 'keys', 'policy'])
    expect(help.stdout).toMatch(new RegExp(`^ {2}${words} `, 'm'))
  expect(await sallyport('keys', 'list')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('Which server?'),
  })
})

test('npx sallyport demo runs a server with its pages', async () => {
  const demo = spawn('npx', ['--offline', 'sallyport', 'demo'], {
    cwd: app,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await using own = new AsyncDisposableStack()
  own.defer(async () => await endGroup(demo))
  let output = ''
  demo.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  await eventually(async () => expect(output).toContain('Press Ctrl-C'))
  const controlUrl = /control plane +(\S+)/.exec(output)?.[1] ?? ''
  for (const [path, content] of [
    ['/', '<title>Sallyport'],
    ['/docs/', 'js/scalar.js'],
    ['/docs/js/scalar.js', 'scalar'],
    ['/hand-over', '<html'],
  ] as const) {
    const answer = await fetch(controlUrl + path)
    expect([path, answer.status, (await answer.text()).includes(content)]).toEqual([path, 200, true])
  }
  const [call = ''] = /(?<=^)curl -i -H 'x-api-key.*$/m.exec(output) ?? []
  expect((await run('bash', ['-c', call])).stdout).toContain('200 OK')
})

async function endGroup(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit')
  process.kill(-(child.pid ?? 0), 'SIGINT')
  await ended
}

test('npx sallyport scan finds a token', async () => {
  expect(await sallyport('scan', 'package.json')).toMatchObject({ code: 0 })
  const folder = join(app, 'leaking')
  await mkdir(folder)
  await writeFile(
    join(folder, 'settings.txt'),
    'token = sp_sk_wY6gMl5bDsLwdBrs_ni7yywGlyyeecQ093gkGcO0z4sdrCGsb07HsQU\n',
  )
  expect(await sallyport('scan', 'leaking')).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('settings.txt'),
  })
})

test('the other programs have their own usage', async () => {
  expect(await sallyport('audit', 'verify', 'nothing.ndjson')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('nothing.ndjson'),
  })
  expect(await sallyport('admin', 'help')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('recover-owner'),
  })
  expect(await sallyport('--quiet', 'serve')).toMatchObject({
    code: 1,
    stderr: 'Put "serve" first, and its options behind it.\n',
  })
})

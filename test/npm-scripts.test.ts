import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { delimiter, dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from './support/server-process.ts'
import { SERVER_PROGRAM } from './support/server-program.ts'
import { eventually } from './support/eventually.ts'

const ROOT = join(import.meta.dirname, '..')

const folders = (process.env['PATH'] ?? '').split(delimiter)
/** Without the Node.js that runs the tests, the launcher may find an older one, and then starts a child process. */
const withoutCurrent = folders.filter((folder) => folder !== dirname(process.execPath))
const paths = [
  { launcher: 'in one process with the server', path: [dirname(process.execPath), ...withoutCurrent] },
  ...(withoutCurrent.some((folder) => existsSync(join(folder, 'node')))
    ? [{ launcher: 'above the server, if Node.js is old', path: withoutCurrent }]
    : []),
]

/** A program that has printed the URLs of a server. */
interface StartedProgram extends AsyncDisposable {
  readonly process: ChildProcess
  readonly controlUrl: string
  /** The exit code, or the signal that ended the program. */
  readonly ended: Promise<number | NodeJS.Signals>
}

/** Starts a program in a session of its own, so that no terminal signals the processes below it. */
async function startProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  readyText: string,
): Promise<StartedProgram> {
  const child = spawn(command, args, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      HOME: process.env['HOME'],
      PATH: process.env['PATH'],
      SALLYPORT_PORT: '0',
      SALLYPORT_GATEWAY_PORT: '0',
      ...env,
    },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text))
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals)
  await eventually(() => {
    expect(child.exitCode, output).toBeNull()
    expect(output).toContain(readyText)
  })
  return {
    process: child,
    controlUrl: /^control plane\s+(\S+)/m.exec(output)?.[1] ?? '',
    ended,
    async [Symbol.asyncDispose]() {
      // The whole group, so that a failed test leaves nothing behind.
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
        process.kill(-child.pid, 'SIGKILL')
      }
      await ended
    },
  }
}

async function accepts(url: string): Promise<boolean> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const isConnected = await once(socket, 'connect').then(
    () => true,
    () => false,
  )
  socket.destroy()
  return isConnected
}

async function expectNoServer(url: string): Promise<void> {
  await eventually(async () => expect(await accepts(url)).toBe(false))
}

describe.each(paths)('npm start, with the launcher $launcher,', ({ path }) => {
  const PATH = path.join(delimiter)

  test.each(['SIGTERM', 'SIGINT'] as const)('passes %s to the server and ends after it', async (signal) => {
    await using folder = await temporaryFolder()
    const env = { PATH, SALLYPORT_DATA: folder.path }
    await using npm = await startProgram('npm', ['start'], env, 'API reference')
    npm.process.kill(signal)
    expect(await npm.ended).toBe(0)
    expect(await accepts(npm.controlUrl)).toBe(false)
  })

  test('leaves no server when it is killed', async () => {
    await using folder = await temporaryFolder()
    const env = { PATH, SALLYPORT_DATA: folder.path }
    await using npm = await startProgram('npm', ['start'], env, 'API reference')
    npm.process.kill('SIGKILL')
    expect(await npm.ended).toBe('SIGKILL')
    await expectNoServer(npm.controlUrl)
  })

  test.each(['SIGTERM', 'SIGINT'] as const)('ends the demo on %s and deletes its data', async (signal) => {
    await using folder = await temporaryFolder()
    await using npm = await startProgram(
      'npm',
      ['run', 'demo'],
      { PATH, TMPDIR: folder.path },
      'Press Ctrl-C',
    )
    expect((await readdir(folder.path)).filter((name) => name.startsWith('sallyport-demo-'))).toHaveLength(1)
    npm.process.kill(signal)
    expect(await npm.ended).toBe(0)
    expect(await accepts(npm.controlUrl)).toBe(false)
    expect((await readdir(folder.path)).filter((name) => name.startsWith('sallyport-demo-'))).toEqual([])
  })
})

test('the launcher leaves no server when it is killed', async () => {
  await using folder = await temporaryFolder()
  const launcher = join(ROOT, 'scripts', 'node.mjs')
  await using started = await startProgram(
    process.execPath,
    [launcher, '--no-warnings', SERVER_PROGRAM, 'serve'],
    { SALLYPORT_DATA: folder.path },
    'API reference',
  )
  started.process.kill('SIGKILL')
  await started.ended
  await expectNoServer(started.controlUrl)
})

test('a server whose shell ends keeps running, also below a script of npm', async () => {
  await using folder = await temporaryFolder()
  const launcher = join(ROOT, 'scripts', 'node.mjs')
  // As a shell leaves a job in the background.
  const script = `"${process.execPath}" "${launcher}" "${SERVER_PROGRAM}" serve & echo "job $!"; sleep 1000`
  await using shell = await startProgram(
    'sh',
    ['-c', script],
    { SALLYPORT_DATA: folder.path, npm_lifecycle_event: 'test', npm_lifecycle_script: 'vitest run' },
    'API reference',
  )
  shell.process.kill('SIGKILL')
  await shell.ended
  // Several times the interval of the check for a parent.
  for (let check = 0; check < 10; check += 1) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await accepts(shell.controlUrl)).toBe(true)
  }
  process.kill(-(shell.process.pid ?? 0), 'SIGKILL')
  await expectNoServer(shell.controlUrl)
})

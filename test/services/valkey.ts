import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findProgram, type FoundProgram } from './debian-program.ts'
import { freePort } from './free-port.ts'

const NOT_FOUND =
  'A test needs Valkey or Redis 6 or later, which is not installed. Install it (Debian 13 and Ubuntu 25.04 or later: ' +
  '"apt-get install valkey-server", before: "apt-get install redis-server"; macOS: "brew install valkey").'

const VALKEY = {
  names: ['valkey-server', 'redis-server'],
  packages: ['valkey-server'],
  packaged: 'usr/bin/valkey-server',
}
/** Older releases have no package of Valkey. */
const REDIS = { names: ['redis-server'], packages: ['redis-server'], packaged: 'usr/bin/redis-server' }

async function valkeyProgram(): Promise<FoundProgram> {
  try {
    return await findProgram({ ...VALKEY, notFound: NOT_FOUND })
  } catch {
    return await findProgram({ ...REDIS, notFound: NOT_FOUND })
  }
}

/** Far above the usual start time, so that a busy machine does not fail the run. */
const START_MS_MAX = 60_000

/** Ends the server when standard input ends, which happens whenever this process dies. It may be paused. */
const GUARD = `
exec 3<&0
"$@" 3<&- </dev/null & server=$!
echo "$server"
{ cat <&3 >/dev/null; kill -CONT "$server"; kill -9 "$server"; } >/dev/null 2>&1 &
wait "$server"
`

/** A Valkey or Redis server that keeps nothing on disk. */
export interface TestValkey extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** Ends it at once; its data is lost. */
  kill(): Promise<void>
  /** Starts it again on its port, after `kill`. */
  start(): Promise<void>
  signal(signal: 'SIGSTOP' | 'SIGCONT'): void
  /** Runs a command, such as `FLUSHALL`. @returns the first line of the answer */
  command(text: string): Promise<string>
}

/**
 * Starts a server on a free port.
 *
 * @param settings arguments of the program, such as `--requirepass`
 * @param password to authenticate `command` with
 */
export async function startValkey(settings: readonly string[] = [], password = ''): Promise<TestValkey> {
  const { path, env } = await valkeyProgram()
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-valkey-'))
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings]
  let guard: ChildProcess | undefined
  let pid = 0
  const command = async (text: string): Promise<string> => await commandAt(port, text, password)
  const start = async (): Promise<void> => {
    // In a session of its own, so that an interrupt from the terminal does not end it before the tests.
    const child = spawn('/bin/sh', ['-c', GUARD, 'sh', path, ...args], {
      detached: true,
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'ignore'],
    })
    guard = child
    let output = ''
    await new Promise<void>((resolve, reject) => {
      const fail = (): void => reject(new Error(`the store did not start:\n${output}`))
      const timer = setTimeout(fail, START_MS_MAX)
      child.once('exit', fail)
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (!output.includes('Ready to accept connections')) return
        clearTimeout(timer)
        pid = Number(/^\d+/.exec(output)?.[0])
        resolve()
      })
    })
  }
  const kill = async (): Promise<void> => {
    if (guard === undefined) return
    const ended = once(guard, 'exit')
    guard.stdin?.end()
    await ended
    guard = undefined
  }
  await start()
  return {
    url: `redis://${password === '' ? '' : `:${password}@`}127.0.0.1:${port}/0`,
    port,
    kill,
    start,
    command,
    signal: (signal) => void process.kill(pid, signal),
    async [Symbol.asyncDispose]() {
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Sends an inline command (https://valkey.io/topics/protocol/). */
async function commandAt(port: number, text: string, password: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  if (password !== '') {
    socket.write(`AUTH ${password}\r\n`)
    await once(socket, 'data')
  }
  socket.write(`${text}\r\n`)
  const [answer] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return answer.toString().split('\r\n')[0] ?? ''
}

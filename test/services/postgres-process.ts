import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { run } from './programs.ts'

/** Far above the usual start time, so that a busy machine does not fail the run. */
const START_TIMEOUT_MS = 60_000

const LOG_CHARACTERS_MAX = 16_384

/** Systems limit the length of a socket path: 104 bytes on macOS, 108 on Linux, including the terminator. */
const SOCKET_FOLDER_BYTES_MAX = 80

// Stops the server when standard input ends, which happens on disposal and whenever this process dies. The server itself
// starts without that input, because it would keep it open. Its processes may be paused.
const GUARD = `
exec 3<&0
"$@" 3<&- </dev/null & server=$!
echo "$server"
{
  cat <&3 >/dev/null
  kill -INT "$server"
  kill -CONT "$server" $(ps -A -o pid= -o ppid= | while read -r pid parent; do [ "$parent" = "$server" ] && echo "$pid"; done)
} >/dev/null 2>&1 &
wait "$server"
`

export interface SpawnOptions {
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  readonly uid?: number
  readonly gid?: number
}

/** How a server is started. */
export interface PostgresProgram {
  readonly folder: string
  readonly file: string
  /** Whether a commit survives a power loss, and not only the end of the server. */
  readonly durable: boolean
  readonly connectionsMax: number
  readonly spawnOptions: SpawnOptions
}

export interface PostgresStart {
  /** Settings of this start, such as `hot_standby=off`. */
  readonly settings?: readonly string[]
  /** What the server logs when the start is over; by default, that it accepts connections. */
  readonly until?: RegExp
}

/** A server that accepts connections. */
export interface RunningPostgres {
  /** Sends a signal to each of its processes. */
  signal(signal: 'SIGSTOP' | 'SIGCONT'): Promise<void>
  /** Ends the server, if it still runs. */
  stop(signal: 'SIGINT' | 'SIGKILL'): Promise<void>
}

/** Starts the server. Resolves once it accepts connections. @throws an error with the end of its log */
export async function launchOn(
  port: number,
  program: PostgresProgram,
  start: PostgresStart = {},
): Promise<RunningPostgres> {
  for (;;) {
    try {
      return await launchOnce(port, program, start)
    } catch (error) {
      // The processes of a server that was killed end a moment later.
      if (!(error instanceof Error && error.message.includes('is still in use'))) throw error
      await pause(20)
    }
  }
}

async function launchOnce(
  port: number,
  { folder, file, durable, connectionsMax, spawnOptions }: PostgresProgram,
  { settings = [], until = /ready to accept (?:read-only )?connections/ }: PostgresStart,
): Promise<RunningPostgres> {
  const socketFolder = Buffer.byteLength(folder) <= SOCKET_FOLDER_BYTES_MAX ? folder : ''
  const all = ['listen_addresses=127.0.0.1', `port=${port}`, `unix_socket_directories=${socketFolder}`]
  all.push(`max_connections=${connectionsMax}`, ...settings)
  if (!durable) all.push('fsync=off', 'full_page_writes=off')
  const args = ['-D', join(folder, 'data'), ...all.flatMap((setting) => ['-c', setting])]
  // In a separate session, so that an interrupt from the terminal does not stop the server before the tests end.
  const guard = spawn('/bin/sh', ['-c', GUARD, 'sh', file, ...args], {
    ...spawnOptions,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const ended = once(guard, 'exit')
  let pid = ''
  guard.stdout.setEncoding('utf8').on('data', (text: string) => (pid += text))
  let log = ''
  const ready = new Promise<void>((resolve, reject) => {
    guard.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-LOG_CHARACTERS_MAX)
      if (until.test(log)) resolve()
    })
    const fail = () => reject(new Error(`PostgreSQL did not start:\n${log}`))
    ended.then(fail, fail)
    setTimeout(fail, START_TIMEOUT_MS).unref()
  })
  const isRunning = (): boolean => guard.exitCode === null && guard.signalCode === null
  const running: RunningPostgres = {
    async signal(signal) {
      if (isRunning()) for (const one of await processesOf(Number(pid))) send(one, signal)
    },
    async stop(signal) {
      if (isRunning()) {
        if (signal === 'SIGKILL') send(Number(pid), signal)
        else guard.stdin.end()
      }
      await ended
      guard.stdin.destroy()
      guard.stderr.destroy()
    },
  }
  try {
    await ready
    return running
  } catch (error) {
    await running.stop('SIGINT')
    throw error
  }
}

/** A server's process and its children, the server first, so that it starts none while they are paused. */
async function processesOf(server: number): Promise<number[]> {
  const rows = (await run('ps', ['-A', '-o', 'pid=', '-o', 'ppid='])).trim().split('\n')
  const children = rows
    .map((row) => row.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === server)
  return [server, ...children.map(([child = server]) => child)]
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // A connection of the server may have ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

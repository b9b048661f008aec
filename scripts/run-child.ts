import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ROOT } from './suites.ts'

/** How long an aborted suite may take to exit before it is killed, in ms. */
const STOP_GRACE_MS = 5000

// The tools write to a pipe, for which each has its own default about colours.
const COLOUR = process.stdout.isTTY
  ? { FORCE_COLOR: '1', NO_COLOR: undefined }
  : { NO_COLOR: '1', FORCE_COLOR: undefined }

export interface ChildResult {
  readonly ok: boolean
  /** Standard output and standard error, interleaved. */
  readonly output: string
}

/**
 * Runs a JavaScript file of the repository until it exits. An abort stops it and every process that it started.
 *
 * @param command the file, relative to the root, and its arguments
 * @param variables of the environment, besides those of this process
 */
export async function runChild(
  command: readonly string[],
  signal: AbortSignal,
  variables: Readonly<Record<string, string>> = {},
): Promise<ChildResult> {
  const posix = process.platform !== 'win32'
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: { ...process.env, ...COLOUR, ...variables },
    // The leader of a new process group, so that one signal also reaches the processes that the suite started.
    detached: posix,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const send = (stopSignal: NodeJS.Signals) => {
    if (child.pid === undefined) return
    try {
      process.kill(posix ? -child.pid : child.pid, stopSignal)
    } catch {
      // The process has already exited.
    }
  }
  const stop = () => {
    send('SIGTERM')
    setTimeout(() => send('SIGKILL'), STOP_GRACE_MS).unref()
  }
  const chunks: Buffer[] = []
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  try {
    const [code] = (await once(child, 'close')) as [number | null]
    return { ok: code === 0, output: Buffer.concat(chunks).toString() }
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ROOT } from './suites.ts'

/** How long a suite that was told to stop may take before it is ended by force. */
const STOP_GRACE_MS = 5000

// What the tools write goes through a pipe, where each has a rule of its own about colours.
const COLOUR = process.stdout.isTTY
  ? { FORCE_COLOR: '1', NO_COLOR: undefined }
  : { NO_COLOR: '1', FORCE_COLOR: undefined }

export interface ChildResult {
  readonly ok: boolean
  /** Standard output and standard error, as they came. */
  readonly output: string
}

/**
 * Runs a JavaScript file of the repository to its end. An abort ends it and everything that it started.
 *
 * @param command the file, relative to the root, and its arguments
 */
export async function runChild(command: readonly string[], signal: AbortSignal): Promise<ChildResult> {
  const posix = process.platform !== 'win32'
  const child = spawn(process.execPath, command, {
    cwd: ROOT,
    env: { ...process.env, ...COLOUR },
    // The leader of a process group of its own, so that one signal reaches what the suite has started, too.
    detached: posix,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const end = (how: NodeJS.Signals) => {
    if (child.pid === undefined) return
    try {
      process.kill(posix ? -child.pid : child.pid, how)
    } catch {
      // It had ended by itself.
    }
  }
  const stop = () => {
    end('SIGTERM')
    setTimeout(() => end('SIGKILL'), STOP_GRACE_MS).unref()
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

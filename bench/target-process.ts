import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { pinnedCommand } from './cores.ts'
import type { TargetMessage } from './targets/parent.ts'

/** A running server to measure. */
export interface RunningServer extends AsyncDisposable {
  readonly port: number
  /** User and system time of its process since the start, in µs. */
  cpuMicros(): Promise<number>
}

export interface TargetFile {
  /** Relative to `bench/`. */
  readonly file: string
  readonly args?: readonly string[]
  readonly nodeFlags?: readonly string[]
}

/** Long enough to load ten million keys, and to read thousands of pages of them. */
export const READY_MS_MAX = 1_800_000
const CPU_RESPONSE_MS_MAX = 30_000

/** Starts a file that calls `serveParent`, pinned to a core. */
export async function startServer(target: TargetFile, core: number | undefined): Promise<RunningServer> {
  const child = start(target, core)
  return await running(child, async () => (await message(child, 'ready', READY_MS_MAX)).port)
}

/**
 * A running server of a process that answers questions for its CPU time, as `answerParent` does.
 *
 * @param whenReady resolves to its port
 */
export async function running(child: ChildProcess, whenReady: () => Promise<number>): Promise<RunningServer> {
  try {
    return {
      port: await whenReady(),
      async cpuMicros() {
        child.send('cpu')
        return (await message(child, 'cpu', CPU_RESPONSE_MS_MAX)).micros
      },
      [Symbol.asyncDispose]: () => killAndWait(child),
    }
  } catch (cause) {
    await killAndWait(child)
    throw cause
  }
}

/** Runs a file that calls `reportToParent`, pinned to a core, and returns its report. */
export async function runToReport(target: TargetFile, core: number | undefined): Promise<unknown> {
  const child = start(target, core)
  try {
    return (await message(child, 'report', READY_MS_MAX)).report
  } finally {
    await killAndWait(child)
  }
}

function start({ file, args = [], nodeFlags = [] }: TargetFile, core: number | undefined): ChildProcess {
  const [command, commandArgs] = pinnedCommand(core, process.execPath, [
    ...nodeFlags,
    join(import.meta.dirname, file),
    ...args,
  ])
  return spawn(command, commandArgs, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

type Kind = TargetMessage['kind']

/** Resolves to the next message of a kind; rejects if the process exits first or the wait is over. */
async function message<K extends Kind>(
  child: ChildProcess,
  kind: K,
  waitMs: number,
): Promise<Extract<TargetMessage, { kind: K }>> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      settle()
      reject(new Error(`${child.spawnargs.join(' ')} did not respond within ${waitMs} ms`))
    }, waitMs)
    const onMessage = (received: unknown): void => {
      const known = received as TargetMessage
      if (known.kind !== kind) return
      settle()
      resolve(known as Extract<TargetMessage, { kind: K }>)
    }
    const onEnd = (reason: unknown): void => {
      settle()
      reject(new Error(`${child.spawnargs.join(' ')} exited unexpectedly: ${String(reason)}`))
    }
    const settle = (): void => {
      clearTimeout(timer)
      child.off('message', onMessage)
      child.off('exit', onEnd)
      child.off('error', onEnd)
    }
    child.on('message', onMessage)
    child.on('exit', onEnd)
    child.on('error', onEnd)
  })
}

/** Kills a process. Measured servers hold no data to save, and some have connections that never close. */
export async function killAndWait(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
}

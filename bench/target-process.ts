import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { boundTo } from './cores.ts'
import type { TargetMessage } from './targets/parent.ts'

/** A server to measure, or an upstream for one. */
export interface RunningServer extends AsyncDisposable {
  readonly port: number
  /** User and system time that its process has used since it began, in µs. */
  cpuMicros(): Promise<number>
}

export interface TargetFile {
  /** Below `bench/`. */
  readonly file: string
  readonly args?: readonly string[]
  readonly nodeFlags?: readonly string[]
}

/** A million keys are made, hashed and loaded before a target is ready. */
const READY_MS_MAX = 300_000
const CPU_ANSWER_MS_MAX = 30_000

/** Starts a file that calls `serveParent`, bound to a core. */
export async function startServer(target: TargetFile, core: number | undefined): Promise<RunningServer> {
  const child = start(target, core)
  try {
    const ready = await message(child, 'ready', READY_MS_MAX)
    return {
      port: ready.port,
      async cpuMicros() {
        child.send('cpu')
        return (await message(child, 'cpu', CPU_ANSWER_MS_MAX)).micros
      },
      [Symbol.asyncDispose]: () => end(child),
    }
  } catch (cause) {
    await end(child)
    throw cause
  }
}

/** Runs a file that calls `reportToParent`, bound to a core, and gives its report. */
export async function runToReport(target: TargetFile, core: number | undefined): Promise<unknown> {
  const child = start(target, core)
  try {
    return (await message(child, 'report', READY_MS_MAX)).report
  } finally {
    await end(child)
  }
}

function start({ file, args = [], nodeFlags = [] }: TargetFile, core: number | undefined): ChildProcess {
  const [command, words] = boundTo(core, process.execPath, [
    ...nodeFlags,
    join(import.meta.dirname, file),
    ...args,
  ])
  return spawn(command, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
}

type Kind = TargetMessage['kind']

/** The next message of that kind, or an error when the process ends first or takes too long. */
async function message<K extends Kind>(
  child: ChildProcess,
  kind: K,
  waitMs: number,
): Promise<Extract<TargetMessage, { kind: K }>> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      settle()
      reject(new Error(`${child.spawnargs.join(' ')} did not answer within ${waitMs} ms`))
    }, waitMs)
    const onMessage = (received: unknown): void => {
      const known = received as TargetMessage
      if (known.kind !== kind) return
      settle()
      resolve(known as Extract<TargetMessage, { kind: K }>)
    }
    const onEnd = (how: unknown): void => {
      settle()
      reject(new Error(`${child.spawnargs.join(' ')} ended by itself: ${String(how)}`))
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

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const ended = once(child, 'exit')
  // A target keeps nothing that would be lost, and some have connections open that never end.
  child.kill('SIGKILL')
  await ended
}

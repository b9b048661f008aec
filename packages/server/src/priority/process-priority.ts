import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'

/** The lowest priority (setpriority(2)). */
const NICENESS_MAX = 19

/**
 * The niceness that leaves CPU time to the main thread of this process, which may have a low priority itself.
 *
 * @param steps from 1 to 19; at the lowest priority there is no difference
 */
export function nicenessBelowOurs(steps: number): number {
  return Math.min(NICENESS_MAX, getPriority(process.pid) + steps)
}

/**
 * Leaves CPU time to this process.
 *
 * On Linux each thread has a priority of its own, which it inherits from the thread that starts it. So that no thread is
 * missed, this is called when a process has been started and again when all its threads run.
 *
 * @param steps see `nicenessBelowOurs`
 */
export function lowerPriority(pid: number, steps: number): void {
  const niceness = nicenessBelowOurs(steps)
  for (const thread of threadsOf(pid)) {
    try {
      setPriority(thread, niceness)
    } catch {
      // It has ended.
    }
  }
}

/** The ids of a process's threads; on systems without `/proc` only its own id. */
function threadsOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number)
  } catch {
    return [pid]
  }
}

/**
 * The program of util-linux and BusyBox that executes another one with a scheduling policy of Linux, here `SCHED_IDLE`
 * (sched(7)). Any process of another policy interrupts it at once. A process that only has a lower priority finishes its
 * time slice of some milliseconds first.
 */
const IDLE_COMMAND: readonly [program: string, ...args: string[]] = ['chrt', '-i', '0']

let canIdle: boolean | undefined

/**
 * The program and first arguments that start another program so that it runs only while a processor core is idle.
 *
 * @returns undefined where this is not possible: on other systems than Linux, without `chrt`, or without the permission
 */
export function idleCommand(): readonly [program: string, ...args: string[]] | undefined {
  const [program, ...args] = IDLE_COMMAND
  // Without a PATH, as the processes that it is for, so that the program is searched for in the same folders.
  canIdle ??= spawnSync(program, [...args, 'true'], { env: {}, stdio: 'ignore' }).status === 0
  return canIdle ? IDLE_COMMAND : undefined
}

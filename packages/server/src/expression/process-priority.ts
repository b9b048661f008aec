import { readdirSync } from 'node:fs'
import { setPriority } from 'node:os'

/**
 * Leaves CPU time to processes of normal priority.
 *
 * On Linux each thread has a priority of its own, which it inherits from the thread that starts it. So that no thread is
 * missed, this is called when a process has been started and again when all its threads run.
 *
 * @param niceness from 1 to 19
 */
export function lowerPriority(pid: number, niceness: number): void {
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

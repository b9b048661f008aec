import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'
import { nicenessBelowOurs } from './process-priority.ts'

/** Below the main thread, which serves the gateway's requests. What other threads do is short, so it is hardly later. */
const STEPS = 5

/** Lowers the priority of the thread that calls it, and of those that it starts afterwards. Only on Linux, where each has one. */
export function lowerThreadPriority(): void {
  try {
    const [thread] = /\d+$/.exec(readlinkSync('/proc/thread-self')) ?? []
    setPriority(Number(thread), nicenessBelowOurs(STEPS))
  } catch {
    // Another system.
  }
}

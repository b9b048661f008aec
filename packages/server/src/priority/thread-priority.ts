import { readlinkSync } from 'node:fs'
import { setPriority } from 'node:os'

/** Below the priority of the thread that serves the gateway's requests. What this thread does is short, so it is hardly later. */
const NICENESS = 5

/** Lowers the priority of the thread that calls it, and of those that it starts afterwards. Only on Linux, where each has one. */
export function lowerThreadPriority(): void {
  try {
    const [thread] = /\d+$/.exec(readlinkSync('/proc/thread-self')) ?? []
    setPriority(Number(thread), NICENESS)
  } catch {
    // Another system.
  }
}

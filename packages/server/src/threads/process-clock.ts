/** How often both clocks are read for their difference: the closest two readings count. */
const READINGS = 5

/**
 * The monotonic clock of this process in ms, the same in all of its threads. `performance.now()` begins at 0 in each of them.
 */
export function processClock(): () => number {
  let shortestMs = Infinity
  let originMs = 0
  for (let reading = 0; reading < READINGS; reading += 1) {
    const beforeMs = performance.now()
    const processMs = Number(process.hrtime.bigint()) / 1e6
    const tookMs = performance.now() - beforeMs
    if (tookMs >= shortestMs) continue
    shortestMs = tookMs
    originMs = processMs - beforeMs
  }
  return () => originMs + performance.now()
}

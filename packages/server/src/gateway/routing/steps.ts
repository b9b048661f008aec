import { setImmediate as nextTurn } from 'node:timers/promises'

/** How long steps may keep the event loop from other work, in ms. It is the time of about one request. */
const TURN_MS = 0.2

/** Work that can be interrupted after each step. A step takes some microseconds. */
export type Steps<Result> = Generator<undefined, Result>

/** Does all steps at once. */
export function atOnce<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** Does the steps in short turns, between which requests are served. */
export async function inTurns<Result>(steps: Steps<Result>): Promise<Result> {
  let turnEndsAtMs = performance.now() + TURN_MS
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
    if (performance.now() < turnEndsAtMs) continue
    await nextTurn()
    turnEndsAtMs = performance.now() + TURN_MS
  }
}

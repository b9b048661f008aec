import type { Store } from '../store/port/store.ts'

const HOUR_MS = 3_600_000

/** How often what is too old is forgotten, in ms. */
const EVERY_MS = HOUR_MS
/** A gateway that was away for longer than this loads afresh instead of catching up, in ms. */
const CHANGES_KEPT_MS = 24 * HOUR_MS
/** How long the answer of a POST with `Idempotency-Key` is kept, in ms: the contract's 24 hours. */
const ANSWERS_KEPT_MS = 24 * HOUR_MS
/** How long the runs of schedules can be looked up, in ms: 30 days. */
const RUNS_KEPT_MS = 30 * 24 * HOUR_MS

export interface HousekeepingDeps {
  readonly store: Pick<Store, 'write' | 'feed' | 'pruneRuns'>
  readonly nowMs: () => number
  readonly onFault: (cause: unknown) => void
}

/** Forgets what only age makes useless, at the start and each hour, until it is disposed. */
export function startHousekeeping({ store, nowMs, onFault }: HousekeepingDeps): AsyncDisposable {
  let running = Promise.resolve()
  const tidy = async (): Promise<void> => {
    try {
      await store.feed.prune(nowMs() - CHANGES_KEPT_MS)
      await store.pruneRuns(nowMs() - RUNS_KEPT_MS)
      await store.write(async (tx) => {
        await tx.idempotency.prune(nowMs() - ANSWERS_KEPT_MS)
      })
    } catch (cause) {
      onFault(cause)
    }
  }
  const next = (): void => {
    running = running.then(tidy)
  }
  const timer = setInterval(next, EVERY_MS)
  timer.unref()
  next()
  return {
    async [Symbol.asyncDispose]() {
      clearInterval(timer)
      await running
    },
  }
}

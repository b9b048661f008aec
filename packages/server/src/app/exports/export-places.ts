import { Problem, type RateLimit } from '@sallyport/core'
import { FairShare } from '../../fairness/fair-share.ts'
import { countAll, RequestCounters } from '../../fairness/request-counters.ts'

/** Actors whose exports are counted; beyond that, the least recently seen one is forgotten. */
const ACTORS_MAX = 10_000
/** Exports of one kind at a time, which organizations share. */
const RUNNING_MAX = 16
/** When an export that found no place can be tried again, in seconds. */
const RETRY_AFTER_SECONDS = 30

/** Bounds the exports of one kind: one at a time for each actor, and a number of all. */
export class ExportPlaces {
  readonly #startedMax: Pick<RateLimit, 'requests' | 'per'>
  readonly #started: RequestCounters
  readonly #running = new FairShare(RUNNING_MAX)
  readonly #actors = new Set<string>()

  /** @param startedMax how many exports one actor may start */
  constructor(monotonicMs: () => number, startedMax: Pick<RateLimit, 'requests' | 'per'>) {
    this.#startedMax = startedMax
    this.#started = new RequestCounters(monotonicMs, ACTORS_MAX)
  }

  /**
   * Takes a place for an export of an actor.
   *
   * @returns gives the place back; to be called once or more often
   * @throws Problem `rate_limited`
   */
  take(actor: string, organization: string): () => void {
    const tenant = { organization, pipeline: actor }
    countAll([this.#started.look(actor, this.#startedMax)], 'You started too many exports within an hour.')
    if (this.#actors.has(actor)) throw busy('Another export of yours is not done yet.')
    if (!this.#running.take(tenant)) throw busy('Too many exports are in progress.')
    this.#actors.add(actor)
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.#actors.delete(actor)
      this.#running.give(tenant)
    }
  }
}

/** The same batches; calls `end` after the last one, also if they fail or the reader returns early. */
export function ending<Batch>(
  batches: AsyncGenerator<Batch, void, undefined>,
  end: () => void,
): AsyncGenerator<Batch, void, undefined> {
  return {
    async next() {
      try {
        const result = await batches.next()
        if (result.done === true) end()
        return result
      } catch (error) {
        end()
        throw error
      }
    },
    async return() {
      end()
      return await batches.return()
    },
    async throw(error) {
      end()
      return await batches.throw(error)
    },
    [Symbol.asyncIterator]() {
      return this
    },
    async [Symbol.asyncDispose]() {
      await this.return()
    },
  }
}

function busy(detail: string): Problem {
  return new Problem('rate_limited', { detail, extensions: { retryAfterSeconds: RETRY_AFTER_SECONDS } })
}

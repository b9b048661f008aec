import type { Logger } from 'pino'

/** The part of a stream that its works need. */
interface WorkingStream {
  /** Aborted when the stream has ended. */
  readonly ended: AbortSignal
  readonly fail: (reason: string) => void
}

/** Does works of streams one after the other, in the order of their arrival, and none of a stream that has ended. */
export class Turns {
  readonly #logger: Logger
  #last: Promise<void> = Promise.resolve()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /** Resolves when everything is done that has arrived so far. */
  get idle(): Promise<void> {
    return this.#last
  }

  /** Does a work; if it fails, so does its stream. @returns when it is done */
  async take(stream: WorkingStream, work: () => Promise<void> | void): Promise<void> {
    const turn = this.#last.then(async () => {
      if (stream.ended.aborted) return
      try {
        await work()
      } catch (err) {
        this.#logger.error({ err }, 'a message of the control node could not be used; a new stream begins')
        stream.fail(err instanceof Error ? err.message : String(err))
      }
    })
    this.#last = turn
    await turn
  }
}

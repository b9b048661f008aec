import { Problem } from '@sallyport/core'

/** What the present stream can be asked, whichever stream that is. Without one, each call is `unavailable`. */
export class CurrentStream<Remote extends object> {
  #remote: Remote | undefined

  get remote(): Remote {
    if (this.#remote === undefined) {
      throw new Problem('unavailable', { detail: 'The gateway has no connection to a control node.' })
    }
    return this.#remote
  }

  get isConnected(): boolean {
    return this.#remote !== undefined
  }

  /** Uses a stream until the work on it is done. */
  async during(remote: Remote, work: () => Promise<void>): Promise<void> {
    this.#remote = remote
    try {
      await work()
    } finally {
      this.#remote = undefined
    }
  }
}

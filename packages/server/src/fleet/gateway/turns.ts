/** Does works of streams one after the other, in the order of their arrival, and none of a stream that has ended. */
export class Turns {
  #last: Promise<void> = Promise.resolve()

  /** Resolves when everything is done that has arrived so far. */
  get idle(): Promise<void> {
    return this.#last
  }

  /**
   * @param ended aborted when the stream has ended
   * @param onFault called with what a work has thrown
   */
  async take(
    ended: AbortSignal,
    work: () => Promise<void> | void,
    onFault: (cause: unknown) => void,
  ): Promise<void> {
    const turn = this.#last.then(async () => {
      if (ended.aborted) return
      try {
        await work()
      } catch (cause) {
        onFault(cause)
      }
    })
    this.#last = turn
    await turn
  }
}

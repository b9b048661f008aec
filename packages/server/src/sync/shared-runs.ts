/**
 * Runs of one work, one after the other. Each caller needs a run that begins after its call; all that ask before the next one
 * begins share it.
 */
export class SharedRuns<Result> {
  readonly #work: () => Promise<Result>
  readonly #rest: () => Promise<void>
  #running: Promise<Result> | undefined
  #next: Promise<Result> | undefined

  /** @param rest awaited between the end of a run and the beginning of the next one; nothing unless given */
  constructor(work: () => Promise<Result>, rest: () => Promise<void> = async () => {}) {
    this.#work = work
    this.#rest = rest
  }

  /** Resolves when the run that goes on has ended, also if it failed. */
  get idle(): Promise<void> {
    return settled(this.#running)
  }

  /** @throws what the work throws */
  async run(): Promise<Result> {
    this.#next ??= this.#begin()
    return await this.#next
  }

  async #begin(): Promise<Result> {
    await this.idle
    await this.#rest()
    this.#next = undefined
    this.#running = this.#work()
    return await this.#running
  }
}

async function settled(work: Promise<unknown> | undefined): Promise<void> {
  await work?.catch(() => undefined)
}

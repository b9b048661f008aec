/** What a scan has read, and what it could not read. */
export class ScanLog {
  /** The most problems that are listed. */
  static readonly PROBLEMS_MAX = 1000

  readonly #problems: string[] = []
  #unlisted = 0
  /** Sentences about what was left out on purpose. */
  readonly notes: string[] = []
  files = 0
  objects = 0
  bytes = 0

  /** @param message a sentence that says what could not be read and why */
  addProblem(message: string): void {
    if (this.#problems.length < ScanLog.PROBLEMS_MAX) this.#problems.push(message)
    else this.#unlisted += 1
  }

  problems(): string[] {
    const more = this.#unlisted === 0 ? [] : [`${this.#unlisted} more problems are not listed.`]
    return [...this.#problems, ...more]
  }
}

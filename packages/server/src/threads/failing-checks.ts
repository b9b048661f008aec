/** Tells another thread whether targets pass a check. */
export type TellHealth = (check: string, passes: boolean) => void

/** The health checks that targets fail, in the thread that checks, for those that do not. */
export class FailingChecks {
  readonly #names = new Set<string>()
  #tell: TellHealth | undefined

  /** Notes the result of a check from now on. */
  note(check: string, passes: boolean): void {
    if (passes) this.#names.delete(check)
    else this.#names.add(check)
    this.#tell?.(check, passes)
  }

  /** Their names now. */
  get names(): readonly string[] {
    return [...this.#names]
  }

  /**
   * Tells of each change from now on, and of what has changed while the other threads started. There is one listener.
   *
   * @param known what the other threads have started with
   */
  tell(known: readonly string[], tell: TellHealth): void {
    this.#tell = tell
    for (const check of this.#names.symmetricDifference(new Set(known))) tell(check, !this.#names.has(check))
  }
}

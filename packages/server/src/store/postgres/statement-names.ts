/**
 * How many statements a connection has prepared at most. The server keeps each until the connection ends, with its plan: some
 * tens of kilobytes.
 */
const STATEMENTS_MAX = 200
/** Statements with more parameters are lists of varying length, each with a text of its own. */
const PARAMETERS_MAX = 40

/**
 * The plan of a page depends on how many rows its organization has, so it is made for the values of each call. Other statements
 * find their rows by a key, with one plan for all values.
 */
const IS_PAGE = / limit \$/

/**
 * The names of the prepared statements of one connection. The first statements get one; once there are too many, others run
 * without.
 */
export class StatementNames {
  readonly #names = new Map<string, string>()

  /** @returns undefined for a statement that is not prepared */
  nameOf(text: string, parameters: number): string | undefined {
    if (parameters === 0 || parameters > PARAMETERS_MAX) return undefined
    const known = this.#names.get(text)
    if (known !== undefined || this.#names.size === STATEMENTS_MAX || IS_PAGE.test(text)) return known
    const name = `s${this.#names.size}`
    this.#names.set(text, name)
    return name
  }
}

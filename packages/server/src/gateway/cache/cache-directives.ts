/** One directive and the comma behind it, or the end (RFC 9111 section 5.2, RFC 9110 section 5.6). Names are tokens. */
const DIRECTIVE =
  /[ \t]*(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:=(?:"((?:[^"\\]|\\.)*)"|([!#$%&'*+.^_`|~0-9A-Za-z-]+)))?)?[ \t]*(?:,|$)/y
const DIGITS = /^\d{1,20}$/
/** A longer time means this one (RFC 9111 section 1.2.2). */
const SECONDS_MAX = 2 ** 31

/** The directives of `Cache-Control`. */
export class CacheDirectives {
  /** All values of each, by name in lower case. */
  readonly #values = new Map<string, (string | null)[]>()
  /** Whether a part of the header cannot be read, so that it may say anything. */
  readonly isMalformed: boolean

  /** @param text the joined value; undefined without the header */
  constructor(text: string | undefined) {
    this.isMalformed = text !== undefined && !this.#read(text)
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  /**
   * The argument of a directive in seconds; null without the directive. If it is repeated or not a number, the shortest time
   * counts: what is unclear must not make anything fresh (RFC 9111 section 4.2.1).
   *
   * @param empty what the directive means without an argument
   */
  seconds(name: string, empty = 0): number | null {
    const values = this.#values.get(name)
    if (values === undefined) return null
    return Math.min(...values.map((value) => (value === null ? empty : secondsOf(value))))
  }

  #read(text: string): boolean {
    DIRECTIVE.lastIndex = 0
    while (DIRECTIVE.lastIndex < text.length) {
      const [, name, quoted, token] = DIRECTIVE.exec(text) ?? []
      if (DIRECTIVE.lastIndex === 0) return false
      if (name === undefined) continue
      const lower = name.toLowerCase()
      const values = this.#values.get(lower)
      const value = quoted ?? token ?? null
      if (values === undefined) this.#values.set(lower, [value])
      else values.push(value)
    }
    return true
  }
}

function secondsOf(value: string): number {
  return DIGITS.test(value) ? Math.min(Number(value), SECONDS_MAX) : 0
}

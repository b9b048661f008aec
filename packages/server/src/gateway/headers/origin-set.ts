/** Origins are longer nowhere; a longer text is not compared. */
const ORIGIN_CHARS_MAX = 300
/** One or more labels of a host as browsers write them: in lower case, and in ASCII (WHATWG URL section 3.3). */
const LABELS = /^[a-z\d_-]+(?:\.[a-z\d_-]+)*$/

/** All subdomains of a host. */
interface Subdomains {
  /** Such as `https://`. */
  readonly start: string
  /** Such as `.example.com:8443`. */
  readonly end: string
}

/**
 * Exact origins, and patterns such as `https://*.example.com`: the scheme and the port are those of the pattern, and one or more
 * labels stand for the `*`. An origin is compared as the text that browsers send, so any other form of it is not in the set.
 */
export class OriginSet {
  readonly #exact: ReadonlySet<string>
  readonly #subdomains: readonly Subdomains[]

  constructor(origins: readonly string[]) {
    this.#exact = new Set(origins)
    this.#subdomains = origins.flatMap((origin) => {
      const star = origin.indexOf('://*.')
      return star < 0 ? [] : [{ start: origin.slice(0, star + 3), end: origin.slice(star + 4) }]
    })
  }

  has(origin: string): boolean {
    // A pattern is no origin: `*` is in no host that browsers send.
    if (this.#exact.has(origin)) return !origin.includes('*')
    if (this.#subdomains.length === 0 || origin.length > ORIGIN_CHARS_MAX) return false
    return this.#subdomains.some(
      ({ start, end }) =>
        origin.startsWith(start) &&
        origin.endsWith(end) &&
        origin.length > start.length + end.length &&
        LABELS.test(origin.slice(start.length, -end.length)),
    )
  }
}

import type { PathValues } from '@sallyport/core'

/** Where the parameters of a route pattern stand in the paths that match it. */
export class PathPlaces {
  /** A parameter's segment, counted in slashes before it; `*` is the rest behind a wildcard. */
  readonly #segments = new Map<string, number>()

  constructor(pattern: string) {
    for (const [segment, part] of pattern.split('/').entries()) {
      if (part === '*') this.#segments.set('*', segment)
      else if (part.startsWith(':')) this.#segments.set(part.slice(1), segment)
    }
  }

  /**
   * What the parameters stand for in a path, still percent-encoded: an encoded slash stays within its segment this
   * way, all the way to the upstream.
   *
   * @param path one that matches the pattern
   */
  in(path: string): PathValues {
    return { get: (name) => this.#value(name, path) }
  }

  #value(name: string, path: string): string | undefined {
    const segment = this.#segments.get(name)
    if (segment === undefined) return undefined
    let start = 0
    for (let before = 0; before < segment; before += 1) {
      const slash = path.indexOf('/', start)
      if (slash < 0) return ''
      start = slash + 1
    }
    const end = name === '*' ? -1 : path.indexOf('/', start)
    return end < 0 ? path.slice(start) : path.slice(start, end)
  }
}

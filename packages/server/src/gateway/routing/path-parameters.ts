import type { PathValues } from '@sallyport/core'

/** The parameters of a route pattern, and their positions in matching paths. */
export class PathParameters {
  /**
   * By name, the number of slashes before the parameter's segment. `*` is the rest after a wildcard. After `**`, `/*` is
   * the rest with the slash before it: empty for the path itself.
   */
  readonly #segments = new Map<string, number>()

  constructor(pattern: string) {
    for (const [segment, part] of pattern.split('/').entries()) {
      if (part === '*' || part === '**') this.#segments.set('*', segment)
      if (part === '**') this.#segments.set('/*', segment)
      if (part.startsWith(':')) this.#segments.set(part.slice(1), segment)
    }
  }

  /**
   * The values of the parameters in a path, still percent-encoded, so that an encoded slash stays within its segment
   * all the way to the upstream.
   *
   * @param path one that matches the pattern
   */
  valuesIn(path: string): PathValues {
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
    if (name === '/*') return path.slice(start - 1)
    const end = name === '*' ? -1 : path.indexOf('/', start)
    return end < 0 ? path.slice(start) : path.slice(start, end)
  }
}

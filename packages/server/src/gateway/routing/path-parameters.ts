import { routeSegments, WHOLE_PATH, type PathValues } from '@sallyport/core'
import { valuesBetween } from './segment-texts.ts'

/** Where a path has a parameter. */
interface Place {
  /** The number of slashes before the parameter's segment. */
  readonly segment: number
  /** Finds the value within its segment, as a group; null for the whole segment. */
  readonly within: { readonly pattern: RegExp; readonly group: number } | null
}

/** The parameters of a route pattern, and their positions in matching paths. */
export class PathParameters {
  /**
   * By name. `*` is the rest after a wildcard. After `**`, `/*` is the rest with the slash before it: empty for the path
   * itself.
   */
  readonly #places = new Map<string, Place>()

  constructor(pattern: string) {
    for (const [index, part] of routeSegments(pattern).entries()) {
      const whole: Place = { segment: index + 1, within: null }
      if (part.kind === 'rest' || part.kind === 'subtree') this.#places.set('*', whole)
      if (part.kind === 'subtree') this.#places.set('/*', whole)
      if (part.kind === 'parameter') this.#places.set(part.name, whole)
      if (part.kind !== 'parts') continue
      const values = valuesBetween(part.texts)
      for (const [group, name] of part.names.entries()) {
        this.#places.set(name, { ...whole, within: { pattern: values, group: group + 1 } })
      }
    }
  }

  /**
   * The values of the parameters in a path, still percent-encoded, so that an encoded slash stays within its segment
   * all the way to the upstream. `path` is the whole path without its first slash, unless a parameter has this name.
   *
   * @param path one that matches the pattern
   */
  valuesIn(path: string): PathValues {
    return { get: (name) => this.#value(name, path) }
  }

  #value(name: string, path: string): string | undefined {
    const place = this.#places.get(name)
    if (place === undefined) return name === WHOLE_PATH ? path.slice(1) : undefined
    let start = 0
    for (let before = 0; before < place.segment; before += 1) {
      const slash = path.indexOf('/', start)
      if (slash < 0) return ''
      start = slash + 1
    }
    if (name === '/*') return path.slice(start - 1)
    const end = name === '*' ? -1 : path.indexOf('/', start)
    const text = end < 0 ? path.slice(start) : path.slice(start, end)
    return place.within === null ? text : place.within.pattern.exec(text)?.[place.within.group]
  }
}

import { isSaveableName } from './saveable.ts'

/** A path of a document as the path of a pipeline, or why it cannot be one. */
export type MappedPath =
  | {
      readonly path: string
      /** The parameters whose names had to change: from and to. */
      readonly renamed: readonly (readonly [from: string, to: string])[]
      readonly problem?: never
    }
  | { readonly path?: never; readonly problem: string }

const CHARS_MAX = 512
const PARAMETERS_PER_SEGMENT_MAX = 4
const NAME_CHARS_MAX = 64
/** RFC 3986 section 3.3, without escapes and "*". */
const TEXT = /^[A-Za-z0-9._~!$&'()+,;=@:-]*$/
/** `{path}` in the URL of an upstream is the whole path, so no parameter may have this name. */
const WHOLE_PATH = 'path'

/** @param path such as `/pets/{petId}` (OpenAPI 3.1, "Path Templating") */
export function mappedPath(path: string): MappedPath {
  if (!path.startsWith('/')) return { problem: 'A path starts with "/".' }
  const [bare = ''] = path.split(/[?#]/)
  if (bare !== path) return { problem: 'A path has no "?" or "#": the query is not a part of it.' }
  const names = new Set<string>()
  const renamed: (readonly [string, string])[] = []
  const segments = path.slice(1).split('/')
  const mapped: string[] = []
  for (const [index, segment] of segments.entries()) {
    const pieces = segment.split(/\{([^{}]*)\}/)
    const problem = segmentProblem(segment, pieces, index === segments.length - 1)
    if (problem !== undefined) return { problem }
    mapped.push(
      pieces
        .map((piece, at) => {
          if (at % 2 === 0) return piece
          const name = newName(piece, names)
          names.add(name)
          if (name !== piece) renamed.push([piece, name])
          return `{${name}}`
        })
        .join(''),
    )
  }
  const text = `/${mapped.join('/')}`
  return text.length > CHARS_MAX
    ? { problem: `A path has at most ${CHARS_MAX} characters.` }
    : { path: text, renamed }
}

/** @param pieces alternating texts and names of parameters */
function segmentProblem(segment: string, pieces: readonly string[], isLast: boolean): string | undefined {
  const texts = pieces.filter((_, index) => index % 2 === 0)
  if (segment === '' && !isLast) return 'A path has no empty segment.'
  if (segment === '.' || segment === '..') return 'A path has no "." or ".." segment.'
  if (segment.startsWith(':')) return 'A segment that starts with ":" would be a parameter.'
  if (pieces.length > 2 * PARAMETERS_PER_SEGMENT_MAX + 1) {
    return `A segment has at most ${PARAMETERS_PER_SEGMENT_MAX} parameters.`
  }
  if (texts.slice(1, -1).includes('')) return 'Two parameters of a segment need text between them.'
  return texts.every((text) => TEXT.test(text))
    ? undefined
    : 'A segment has a character that routes cannot have.'
}

/** A name that a parameter can have, and that no other one of the path has. */
function newName(name: string, taken: ReadonlySet<string>): string {
  const safe = name
    .replaceAll(/[^A-Za-z0-9_]/g, '_')
    .replace(/^(?=[0-9]|$)/, '_')
    .slice(0, NAME_CHARS_MAX)
  if (safe !== WHOLE_PATH && isSaveableName(safe) && !taken.has(safe)) return safe
  for (let number = 2; ; number += 1) {
    const ending = `_${number}`
    const next = safe.slice(0, NAME_CHARS_MAX - ending.length) + ending
    if (!taken.has(next)) return next
  }
}

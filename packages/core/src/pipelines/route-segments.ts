/**
 * One segment of a route pattern:
 *
 * - `text`: this text; empty for the end of a pattern with a final slash;
 * - `parameter`: any segment that is not empty, written `:name` or `{name}`;
 * - `parts`: text with parameters in it, such as `{id}.json`;
 * - `rest`: `*`, and `subtree`: `**`, which are the last segment of a pattern.
 */
export type RouteSegment =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string }
  | SegmentParts
  | { readonly kind: 'rest' }
  | { readonly kind: 'subtree' }

/** A segment with text and parameters. Each parameter stands for at least one character, and for as few as possible. */
export interface SegmentParts {
  readonly kind: 'parts'
  readonly names: readonly string[]
  /** The texts before, between and after the parameters: one more than there are names. */
  readonly texts: readonly string[]
}

const WHOLE = /^\{([^{}]*)\}$/
const PLACEHOLDER = /\{([^{}]*)\}/

/** The segments of a route pattern. After a final slash, and so in `/`, the last one is an empty text. */
export function routeSegments(pattern: string): RouteSegment[] {
  return pattern.slice(1).split('/').map(routeSegment)
}

function routeSegment(segment: string): RouteSegment {
  if (segment === '*') return { kind: 'rest' }
  if (segment === '**') return { kind: 'subtree' }
  if (segment.startsWith(':')) return { kind: 'parameter', name: segment.slice(1) }
  const whole = WHOLE.exec(segment)
  if (whole !== null) return { kind: 'parameter', name: whole[1] ?? '' }
  if (!segment.includes('{')) return { kind: 'text', text: segment }
  // Split at a pattern with one group, so texts and names alternate.
  const pieces = segment.split(PLACEHOLDER)
  return {
    kind: 'parts',
    names: pieces.filter((_, index) => index % 2 === 1),
    texts: pieces.filter((_, index) => index % 2 === 0),
  }
}

/** The names of the parameters of a segment, in order; `*` for the rest after a wildcard. */
export function segmentParameters(segment: RouteSegment): readonly string[] {
  switch (segment.kind) {
    case 'text':
      return []
    case 'parameter':
      return [segment.name]
    case 'parts':
      return segment.names
    case 'rest':
    case 'subtree':
      return ['*']
  }
}

/** The segment without names: two segments match the same when their shapes are equal. */
export function segmentShape(segment: RouteSegment): string {
  switch (segment.kind) {
    case 'text':
      return segment.text
    case 'parameter':
      return ':'
    case 'parts':
      return segment.texts.join('{}')
    case 'rest':
      return '*'
    case 'subtree':
      return '**'
  }
}

import type { Trigger } from './pipeline-spec.ts'
import { routeSegments, segmentShape, type RouteSegment } from './route-segments.ts'

type Routes = Pick<Trigger, 'paths' | 'trailingSlash' | 'methods' | 'routeMethods'>

/** A route pattern and what it serves. */
export interface RoutePattern {
  readonly pattern: string
  /** The path of the trigger that it comes from. */
  readonly path: string
  readonly methods: readonly string[]
}

/** All route patterns of a trigger: its paths, each with its form with or without a final slash where both count. */
export function routePatterns(trigger: Routes): RoutePattern[] {
  return trigger.paths.flatMap((path) => {
    const methods = methodsOfPath(trigger, path)
    return patternsOf(path, trigger.trailingSlash).map((pattern) => ({ pattern, path, methods }))
  })
}

/** The route patterns of one of a trigger's paths. A wildcard and `/` have no other form. */
export function patternsOf(path: string, trailingSlash: Trigger['trailingSlash']): readonly string[] {
  if (trailingSlash !== 'optional' || path === '/' || path.endsWith('*')) return [path]
  return [path, path.endsWith('/') ? path.slice(0, -1) : `${path}/`]
}

/** The methods of one of a trigger's paths. */
export function methodsOfPath(
  { methods, routeMethods }: Pick<Routes, 'methods' | 'routeMethods'>,
  path: string,
): readonly string[] {
  return routeMethods?.[path] ?? methods
}

/** Whether one pattern matches every path that another one matches, as far as the segments show. */
export function coversPattern(one: string, other: string): boolean {
  const segments = routeSegments(one)
  const others = routeSegments(other)
  for (const [index, segment] of segments.entries()) {
    const next = others[index]
    if (segment.kind === 'subtree') return true
    // Every path starts with a slash, so `/*` matches all of them, and `/a/*` does not match `/a`.
    if (segment.kind === 'rest') return index === 0 || (next !== undefined && next.kind !== 'subtree')
    if (next === undefined || !coversSegment(segment, next)) return false
  }
  return segments.length === others.length
}

function coversSegment(one: RouteSegment, other: RouteSegment): boolean {
  if (other.kind === 'rest' || other.kind === 'subtree') return false
  if (one.kind === 'parameter') return other.kind !== 'text' || other.text !== ''
  return one.kind === other.kind && segmentShape(one) === segmentShape(other)
}

/** Whether some path matches both patterns. True in doubt, for segments of text with parameters in it. */
export function patternsMeet(one: readonly RouteSegment[], other: readonly RouteSegment[]): boolean {
  for (let index = 0; ; index += 1) {
    const first = one[index]
    const second = other[index]
    // `/a/**` matches `/a` too.
    if (first?.kind === 'subtree' || second?.kind === 'subtree') return true
    if (first === undefined || second === undefined) return first === second
    // `/a/*` matches `/a/` too, but not `/a`.
    if (first.kind === 'rest' || second.kind === 'rest') return true
    if (!segmentsMeet(first, second)) return false
  }
}

function segmentsMeet(one: RouteSegment, other: RouteSegment): boolean {
  const [start, end, isFixed] = boundsOf(one)
  const [otherStart, otherEnd, isOtherFixed] = boundsOf(other)
  if (isFixed && isOtherFixed) return start === otherStart
  // A parameter stands for at least one character.
  if (isFixed) return isBetween(start, otherStart, otherEnd)
  if (isOtherFixed) return isBetween(otherStart, start, end)
  return (
    (start.startsWith(otherStart) || otherStart.startsWith(start)) &&
    (end.endsWith(otherEnd) || otherEnd.endsWith(end))
  )
}

function isBetween(text: string, start: string, end: string): boolean {
  return text.length > start.length + end.length && text.startsWith(start) && text.endsWith(end)
}

/** The texts with which a segment starts and ends, and whether it is only the first. */
function boundsOf(segment: RouteSegment): readonly [start: string, end: string, isFixed: boolean] {
  if (segment.kind === 'text') return [segment.text, '', true]
  return segment.kind === 'parts'
    ? [segment.texts[0] ?? '', segment.texts.at(-1) ?? '', false]
    : ['', '', false]
}

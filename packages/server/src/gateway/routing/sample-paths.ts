import { routeSegments, type RouteSegment } from '@sallyport/core'

/** Replaces a parameter, or the rest after a wildcard. */
const ANY_VALUE = 'probe'

/** Paths that a pattern matches: one, and for `**` also the path itself. */
export function samplePaths(pattern: string): string[] {
  const segments = routeSegments(pattern)
  const path = `/${segments.map(sampleText).join('/')}`
  if (segments.at(-1)?.kind !== 'subtree') return [path]
  return [`/${segments.slice(0, -1).map(sampleText).join('/')}`, path]
}

function sampleText(segment: RouteSegment): string {
  if (segment.kind === 'text') return segment.text
  return segment.kind === 'parts' ? segment.texts.join(ANY_VALUE) : ANY_VALUE
}

/** A host that a host or a pattern of hosts matches; null for the empty text, see `hostsOf`. */
export function sampleHost(host: string): string | null {
  return host === '' ? null : host.replace('*', ANY_VALUE)
}

import type { Deprecation } from '@sallyport/core'

/** The headers of a deprecation whose values replace those of upstreams and steps; `Link` stands beside theirs. */
export const DEPRECATION_HEADERS: readonly string[] = ['deprecation', 'sunset']

/**
 * The headers with which each response of a deprecated pipeline says so, as alternating names and values: `Deprecation`
 * (RFC 9745), `Sunset` (RFC 8594), and `Link` (RFC 8288) to an explanation and to a successor (RFC 5829).
 */
export function deprecationHeaders({ since, sunset, link, successor }: Deprecation): readonly string[] {
  const headers = ['deprecation', `@${Math.floor(Date.parse(since) / 1000)}`]
  if (sunset !== null) headers.push('sunset', new Date(sunset).toUTCString())
  if (link !== null) headers.push('link', `<${link}>; rel="deprecation"`)
  if (successor !== null) headers.push('link', `<${successor}>; rel="successor-version"`)
  return headers
}

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { RequestProblem } from './request-target.ts'

/** A request as the proxy that asks for its authorization describes it. */
export interface Description {
  readonly method: string
  /** Path and query, undecoded. */
  readonly target: string
  readonly host: string | undefined
}

/** The path of the authorization endpoint. A path after it describes a request. */
const AUTHZ_PATH = '/authz'

/** Whether a URL belongs to the authorization endpoint. */
export function isAuthz(url: string): boolean {
  if (!url.startsWith(AUTHZ_PATH)) return false
  const next = url.charCodeAt(AUTHZ_PATH.length)
  // The end, "/" or "?".
  return Number.isNaN(next) || next === 47 || next === 63
}

const METHOD = /^[A-Z][A-Z-]{1,31}$/
// URL parsers differ on a backslash: some end the host at it.
const ABSOLUTE = /^https?:\/\/([^/?#\s\\]+)([/?].*)?$/i

/**
 * Reads the description of the request to authorize. Proxies use one of three forms:
 *
 * - nginx's `auth_request` and HAProxy: `X-Original-Method` and `X-Original-URL`, a path or (ingress-nginx) a whole URL;
 * - Caddy's `forward_auth` and Traefik's `ForwardAuth`: `X-Forwarded-Method` and `X-Forwarded-Uri`, which both proxies
 *   set on every request, and `X-Forwarded-Host`;
 * - Envoy's HTTP `ext_authz` and the Gateway API: the request's own method, and the path after `/authz`.
 *
 * A proxy overwrites the headers of its own form and passes on those of the other forms as its caller sent them. The
 * request does not show which proxy sent it, so no form takes precedence: all forms present must be complete and agree.
 * A caller that adds headers unknown to its proxy is refused and cannot choose another route.
 *
 * @param isTrusted whether a trusted proxy sent the request, so that its `X-Forwarded-Host` counts
 */
export function readDescription(
  request: Pick<IncomingMessage, 'headers' | 'url' | 'method'>,
  isTrusted: boolean,
): Description | RequestProblem {
  const { headers, url = '', method = '' } = request
  let described: Description | undefined
  const originalUrl = headers['x-original-url']
  const originalMethod = headers['x-original-method']
  if (originalUrl !== undefined || originalMethod !== undefined) {
    if (typeof originalUrl !== 'string' || typeof originalMethod !== 'string') return HALF_ORIGINAL
    const absolute = ABSOLUTE.exec(originalUrl)
    described =
      absolute === null
        ? // By default nginx passes on its caller's X-Forwarded-Host, so it is ignored here.
          { method: originalMethod, target: originalUrl, host: headers.host }
        : { method: originalMethod, target: rooted(absolute[2] ?? ''), host: absolute[1] }
  }
  const forwardedUri = headers['x-forwarded-uri']
  const forwardedMethod = headers['x-forwarded-method']
  if (forwardedUri !== undefined || forwardedMethod !== undefined) {
    if (typeof forwardedUri !== 'string' || typeof forwardedMethod !== 'string') return HALF_FORWARDED
    const host = isTrusted ? forwardedHost(headers) : headers.host
    if (host === null) return TWO_HOSTS
    if (described !== undefined && !isSame(described, forwardedMethod, forwardedUri)) return CONTRADICTION
    described ??= { method: forwardedMethod, target: forwardedUri, host }
  }
  const rest = url.slice(AUTHZ_PATH.length)
  // Caddy cannot remove the "?" of an empty query.
  if (rest !== '' && rest !== '?') {
    if (described !== undefined && !isSame(described, method, rest)) {
      return rest.startsWith('?') ? QUERY_ALONE : CONTRADICTION
    }
    described ??= { method, target: rest, host: headers.host }
  }
  if (described === undefined) return NO_DESCRIPTION
  return METHOD.test(described.method) ? described : BAD_METHOD
}

/** The host that a trusted proxy reports, otherwise `Host`; null when the proxy reports more than one. */
export function forwardedHost(headers: IncomingHttpHeaders): string | undefined | null {
  const forwarded = headers['x-forwarded-host']
  if (forwarded === undefined) return headers.host
  return typeof forwarded !== 'string' || forwarded.includes(',') ? null : forwarded
}

function isSame(described: Description, method: string, target: string): boolean {
  return described.method === method && described.target === target
}

function rooted(target: string): string {
  return target.startsWith('/') ? target : `/${target}`
}

const HALF_ORIGINAL: RequestProblem = {
  problem: 'X-Original-Method and X-Original-URL describe a request together. Set both in the proxy.',
}
const HALF_FORWARDED: RequestProblem = {
  problem: 'X-Forwarded-Method and X-Forwarded-Uri describe a request together. Set both in the proxy.',
}
const TWO_HOSTS: RequestProblem = { problem: 'X-Forwarded-Host has more than one host. Send one.' }
const CONTRADICTION: RequestProblem = {
  problem:
    'The request has two descriptions that differ. Remove the X-Original-* and X-Forwarded-* headers that the proxy does not set itself.',
}
const QUERY_ALONE: RequestProblem = {
  problem:
    'The question has the query of the request after /authz, without its path. Remove the query from the question; in Caddy, write "/authz?".',
}
const NO_DESCRIPTION: RequestProblem = {
  problem:
    'The request has no description. Send X-Original-Method and X-Original-URL, or X-Forwarded-Method and X-Forwarded-Uri, or a path after /authz.',
}
const BAD_METHOD: RequestProblem = {
  problem: 'The described method is not a valid HTTP method. Use an upper-case method name.',
}

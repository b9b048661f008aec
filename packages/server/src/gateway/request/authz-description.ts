import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { TargetProblem } from './request-target.ts'

/** The request that a proxy asks about, as the proxy describes it. */
export interface Description {
  readonly method: string
  /** Path and query, undecoded. */
  readonly target: string
  readonly host: string | undefined
}

/** Where the decision endpoint is; what follows it is a description too. */
const AUTHZ_PATH = '/authz'

/** Whether a request is for the decision endpoint. */
export function isAuthz(url: string): boolean {
  if (!url.startsWith(AUTHZ_PATH)) return false
  const next = url.charCodeAt(AUTHZ_PATH.length)
  // The end, "/" or "?".
  return Number.isNaN(next) || next === 47 || next === 63
}

const METHOD = /^[A-Z][A-Z-]{1,31}$/
const ABSOLUTE = /^https?:\/\/([^/?#\s]+)(.*)$/i

/**
 * Reads which request a proxy asks about. There are three ways to say so:
 *
 * - nginx's `auth_request`: `X-Original-Method` and `X-Original-URL`, a path or (ingress-nginx) a whole URL;
 * - Caddy's `forward_auth` and Traefik's `ForwardAuth`: `X-Forwarded-Method` and `X-Forwarded-Uri`, which both set
 *   themselves on every request, and `X-Forwarded-Host`;
 * - Envoy's HTTP `ext_authz` and HAProxy: the request's own method, and the path after `/authz`.
 *
 * A proxy overwrites the headers of its own way and passes on those of the others as its caller sent them. Nothing in
 * the request tells which proxy it is, so no way can win over another: whichever are there must be whole and say the
 * same. A caller who adds a header that its proxy does not know gets a refusal and no other route.
 *
 * @param isTrusted whether the proxy is one of the operator's trusted ones, so that its `X-Forwarded-Host` counts
 */
export function readDescription(
  request: Pick<IncomingMessage, 'headers' | 'url' | 'method'>,
  isTrusted: boolean,
): Description | TargetProblem {
  const { headers, url = '', method = '' } = request
  let described: Description | undefined
  const originalUrl = headers['x-original-url']
  const originalMethod = headers['x-original-method']
  if (originalUrl !== undefined || originalMethod !== undefined) {
    if (typeof originalUrl !== 'string' || typeof originalMethod !== 'string') return HALF_ORIGINAL
    const absolute = ABSOLUTE.exec(originalUrl)
    described =
      absolute === null
        ? // nginx passes a caller's X-Forwarded-Host on unless told otherwise, so it does not count here.
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
  if (rest !== '') {
    if (described !== undefined && !isSame(described, method, rest)) return CONTRADICTION
    described ??= { method, target: rest, host: headers.host }
  }
  if (described === undefined) return NOTHING
  return METHOD.test(described.method) ? described : BAD_METHOD
}

/** The host that a trusted proxy says was asked for, else `Host`; null where it says more than one. */
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

const HALF_ORIGINAL: TargetProblem = {
  problem: 'X-Original-Method and X-Original-URL describe a request together: set both in the proxy.',
}
const HALF_FORWARDED: TargetProblem = {
  problem: 'X-Forwarded-Method and X-Forwarded-Uri describe a request together: set both in the proxy.',
}
const TWO_HOSTS: TargetProblem = { problem: 'X-Forwarded-Host names more than one host.' }
const CONTRADICTION: TargetProblem = {
  problem:
    'The request is described in two ways that differ. Have the proxy remove the X-Original-* and X-Forwarded-* headers that it does not set.',
}
const NOTHING: TargetProblem = {
  problem:
    'Describe the request by X-Original-Method and X-Original-URL, by X-Forwarded-Method and X-Forwarded-Uri, or by the path after /authz.',
}
const BAD_METHOD: TargetProblem = { problem: 'The described method is not one.' }

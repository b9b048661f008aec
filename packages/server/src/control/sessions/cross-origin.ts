import { Problem } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import { hasCsrfToken } from './session-cookie.ts'

/** Methods that change nothing (RFC 9110 section 9.2.1). */
const SAFE: readonly string[] = ['GET', 'HEAD', 'OPTIONS']

/** The content types that a form of any page can send without asking first (Fetch, "CORS-safelisted request-header"). */
const FORM_TYPES = /^\s*(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\s*(?:;|$)/i

/**
 * Refuses requests that a page of another site made a browser send: with the cookie of a session they would act as its
 * person. Browsers name the page in `Sec-Fetch-Site` and `Origin`. A request without both comes from a program or from an
 * old browser; if a form could send it, it needs the token that only pages of this server can read.
 *
 * @param publicUrl the URL that browsers know this server by
 * @param sessionToken of the cookie; undefined for none
 * @throws Problem `cross_origin`
 */
export function requireOwnOrigin(
  request: Pick<FastifyRequest, 'headers' | 'method'>,
  publicUrl: string,
  sessionToken: string | undefined,
): void {
  if (SAFE.includes(request.method)) return
  requireOwnPage(request, publicUrl)
  const { origin, 'sec-fetch-site': site } = request.headers
  if (origin !== undefined || site !== undefined || sessionToken === undefined || !isFormLike(request)) return
  if (!hasCsrfToken(request, sessionToken)) {
    throw new Problem('cross_origin', {
      detail:
        'Send `x-csrf-token` with the `csrfToken` of GET /v1/session (in a portal session, of GET /v1/portal), or a JSON body with its `Content-Type`.',
    })
  }
}

/**
 * Refuses a request, of any method, that names a page of another site.
 *
 * @param publicUrl the URL that browsers know this server by
 * @throws Problem `cross_origin`
 */
export function requireOwnPage({ headers }: Pick<FastifyRequest, 'headers'>, publicUrl: string): void {
  const { origin, host, 'sec-fetch-site': site } = headers
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw crossOrigin(publicUrl)
  if (origin !== undefined && !isOwn(origin, publicUrl, host)) throw crossOrigin(publicUrl)
}

function crossOrigin(publicUrl: string): Problem {
  return new Problem('cross_origin', {
    detail: `People reach this server at ${publicUrl}, and the request comes from a page elsewhere. If that page is this server's, the operator has to set SALLYPORT_PUBLIC_URL.`,
  })
}

/** Whether an origin is the public one, or that of the host that the request was sent to. */
function isOwn(origin: string, publicUrl: string, host: string | undefined): boolean {
  const own = new URL(publicUrl)
  if (origin === own.origin) return true
  if (!URL.canParse(origin)) return false
  const { host: named, protocol } = new URL(origin)
  // Whoever is in the network can put a page at the same host over plain HTTP.
  return named === host?.toLowerCase() && (protocol === 'https:' || own.protocol === 'http:')
}

function isFormLike({ headers, method }: Pick<FastifyRequest, 'headers' | 'method'>): boolean {
  const type = headers['content-type']
  return method === 'POST' && (type === undefined || FORM_TYPES.test(type))
}

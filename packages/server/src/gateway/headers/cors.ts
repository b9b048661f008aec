import { PREFLIGHT_SECONDS_DEFAULT, type Cors, type Trigger } from '@sallyport/core'
import { DEPRECATION_HEADERS } from './deprecation-headers.ts'
import { OriginSet } from './origin-set.ts'

/** Response headers that a page may read in addition to the safelisted ones. */
const EXPOSED = ['x-request-id', 'x-sallyport-code', 'retry-after', 'ratelimit', 'ratelimit-policy']

/** A trigger's cross-origin rules (WHATWG Fetch, "CORS protocol") with precomputed header values. */
export interface CompiledCors {
  readonly origins: OriginSet
  readonly anyOrigin: boolean
  readonly credentials: boolean
  readonly allowedMethods: string
  readonly allowedHeaders: string
  readonly exposedHeaders: string
  readonly maxAge: string
}

/**
 * Compiles the rules. A page may always send the credential headers of the trigger, without which no preflighted call
 * could succeed, and `Content-Type`, which a JSON body needs.
 */
export function compileCors(cors: Cors, trigger: Trigger): CompiledCors {
  const { apiKey, apiKeyOptional = false, jwt, basic } = trigger.authentication
  const readsKey = apiKey || apiKeyOptional
  const headers = new Set(cors.headers.map((name) => name.toLowerCase()))
  headers.add('content-type')
  if (readsKey)
    for (const name of ['x-api-key', 'apikey', 'x-api-appkey', 'x-api-apptoken']) headers.add(name)
  if (jwt) headers.add('x-access-token')
  if (readsKey || jwt || basic) headers.add('authorization')
  const ofCorrelation = trigger.correlationHeader === undefined ? [] : [trigger.correlationHeader]
  for (const name of ofCorrelation) headers.add(name)
  const anyOrigin = cors.origins.includes('*')
  const exposed = (cors.exposedHeaders ?? []).map((name) => name.toLowerCase())
  const announced = trigger.deprecation === undefined ? [] : [...DEPRECATION_HEADERS, 'link']
  return {
    origins: new OriginSet(cors.origins),
    anyOrigin,
    // Credentials are never allowed for any origin: every page could act as the user.
    credentials: cors.credentials && !anyOrigin,
    allowedMethods: trigger.methods.join(', '),
    allowedHeaders: [...headers].join(', '),
    exposedHeaders: [...new Set([...EXPOSED, ...ofCorrelation, ...announced, ...exposed])].join(', '),
    maxAge: String(cors.maxAge ?? PREFLIGHT_SECONDS_DEFAULT),
  }
}

/** Appends the CORS headers of a response. Refusals need them too: without them a page cannot read even the status. */
export function appendCors(headers: string[], cors: CompiledCors | null, origin: string | undefined): void {
  if (cors === null) return
  if (cors.anyOrigin) {
    // Also without an origin: a cache serves this response to every page (WHATWG Fetch, "CORS protocol and HTTP caches").
    headers.push('access-control-allow-origin', '*', 'access-control-expose-headers', cors.exposedHeaders)
    return
  }
  // Also without an origin: a cache must not serve this response to a page.
  headers.push('vary', 'Origin')
  if (origin === undefined || !cors.origins.has(origin)) return
  headers.push('access-control-allow-origin', origin, 'access-control-expose-headers', cors.exposedHeaders)
  if (cors.credentials) headers.push('access-control-allow-credentials', 'true')
}

/** Appends the headers of a preflight's response. An origin that is not allowed gets none, which denies it. */
export function appendPreflight(headers: string[], cors: CompiledCors, origin: string): void {
  if (!cors.anyOrigin) headers.push('vary', 'Origin')
  if (!cors.anyOrigin && !cors.origins.has(origin)) return
  headers.push(
    'access-control-allow-origin',
    cors.anyOrigin ? '*' : origin,
    'access-control-allow-methods',
    cors.allowedMethods,
    'access-control-allow-headers',
    cors.allowedHeaders,
    'access-control-max-age',
    cors.maxAge,
  )
  if (cors.credentials) headers.push('access-control-allow-credentials', 'true')
}

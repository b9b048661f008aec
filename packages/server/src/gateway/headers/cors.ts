import type { Cors, Trigger } from '@sallyport/core'

/** How long a browser may remember a preflight's answer, in seconds. */
const PREFLIGHT_SECONDS = 600
/** What a page may read of an answer beside the headers that it always may. */
const EXPOSED = 'x-request-id, x-sallyport-code, retry-after, ratelimit, ratelimit-policy'

/** A trigger's cross-origin rules (WHATWG Fetch, "CORS protocol"), with the constant header values worked out. */
export interface CompiledCors {
  readonly origins: ReadonlySet<string>
  readonly anyOrigin: boolean
  readonly credentials: boolean
  readonly allowedMethods: string
  readonly allowedHeaders: string
}

/**
 * Works out the rules. A page may always send the headers that the trigger demands its credentials in, since without
 * them no preflighted call could succeed; and a content type, which a JSON body needs.
 */
export function compileCors(cors: Cors, trigger: Trigger): CompiledCors {
  const { apiKey, jwt, basic } = trigger.authentication
  const headers = new Set(cors.headers.map((name) => name.toLowerCase()))
  headers.add('content-type')
  if (apiKey) for (const name of ['x-api-key', 'apikey', 'x-api-appkey', 'x-api-apptoken']) headers.add(name)
  if (jwt) headers.add('x-access-token')
  if (apiKey || jwt || basic) headers.add('authorization')
  const anyOrigin = cors.origins.includes('*')
  return {
    origins: new Set(cors.origins),
    anyOrigin,
    // With "any origin" a browser's cookies are never offered: any page could then act as its reader.
    credentials: cors.credentials && !anyOrigin,
    allowedMethods: trigger.methods.join(', '),
    allowedHeaders: [...headers].join(', '),
  }
}

/** Appends what an actual answer tells a browser, refusals included: without it a page cannot even read the status. */
export function appendCors(headers: string[], cors: CompiledCors | null, origin: string | undefined): void {
  if (cors === null) return
  if (cors.anyOrigin) {
    if (origin !== undefined) {
      headers.push('access-control-allow-origin', '*', 'access-control-expose-headers', EXPOSED)
    }
    return
  }
  // Also without an origin: a cache must not give that answer to a page.
  headers.push('vary', 'Origin')
  if (origin === undefined || !cors.origins.has(origin)) return
  headers.push('access-control-allow-origin', origin, 'access-control-expose-headers', EXPOSED)
  if (cors.credentials) headers.push('access-control-allow-credentials', 'true')
}

/** Appends what a preflight is told; an origin that is not allowed is told nothing, which a browser takes for no. */
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
    String(PREFLIGHT_SECONDS),
  )
  if (cors.credentials) headers.push('access-control-allow-credentials', 'true')
}

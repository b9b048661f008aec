import { headerOf, type RequestHeaders } from '../calls/request-headers.ts'

/** The caller of an allowed request. */
export interface Identity {
  /** The slug of the caller's organization; that of the pipeline for a caller without a credential. */
  readonly organization: string
  readonly environment: string
  readonly pipeline: string
  /** The name of the consumer; null if the caller is none. */
  readonly consumer: string | null
  /** The id of the API key; null without one. */
  readonly key: string | null
  /** The claims of the JWT; null without one. */
  readonly claims: Readonly<Record<string, unknown>> | null
  /** The labels of the caller; null if there are none, or the pipeline does not send them. */
  readonly labels: Readonly<Record<string, string>> | null
}

/** The header of each member. */
const HEADERS: Readonly<Record<keyof Identity, string>> = {
  organization: 'x-sallyport-organization',
  environment: 'x-sallyport-environment',
  pipeline: 'x-sallyport-pipeline',
  consumer: 'x-sallyport-consumer',
  key: 'x-sallyport-key',
  claims: 'x-sallyport-claims',
  labels: 'x-sallyport-labels',
}

/** All headers that begin with this are Sallyport's own. */
export const IDENTITY_PREFIX = 'x-sallyport-'

/** The names of all identity headers, in lower case. */
export const IDENTITY_HEADERS: readonly string[] = Object.values(HEADERS)

/** The value of a header for a member that is missing. */
const MISSING = '-'
const VISIBLE = /^[!-~]+$/

/**
 * Reads the identity headers of a request that the gateway, or a proxy of yours, has checked and passed on.
 *
 * Use this only where every request comes through it: a caller who reaches the server directly can send such headers too.
 *
 * @throws TypeError if one of the seven headers is missing or malformed
 */
export function identityFromHeaders(headers: RequestHeaders): Identity {
  const identity = parseIdentity(headers)
  if (identity !== null) return identity
  throw new TypeError(
    'The request does not have all seven x-sallyport-* headers. Send it through the gateway, or set all of them in the proxy.',
  )
}

/** Reads all seven identity headers; null if one is missing, repeated or malformed. */
export function parseIdentity(headers: RequestHeaders): Identity | null {
  const text = (member: keyof Identity): string => headerOf(headers, HEADERS[member]) ?? ''
  if (!IDENTITY_HEADERS.every((name) => VISIBLE.test(headerOf(headers, name) ?? ''))) return null
  try {
    const [organization, environment, pipeline] = [
      nameOf(text('organization')),
      nameOf(text('environment')),
      nameOf(text('pipeline')),
    ]
    if (organization === null || environment === null || pipeline === null) return null
    return Object.freeze({
      organization,
      environment,
      pipeline,
      consumer: nameOf(text('consumer')),
      key: nameOf(text('key')),
      claims: text('claims') === MISSING ? null : claimsOf(text('claims')),
      labels: text('labels') === MISSING ? null : labelsOf(text('labels')),
    })
  } catch {
    return null
  }
}

/** @throws URIError for broken percent-encoding */
function nameOf(value: string): string | null {
  return value === MISSING ? null : decodeURIComponent(value)
}

/** @throws an error for text that is not a JSON object in base64url */
function claimsOf(value: string): Readonly<Record<string, unknown>> {
  const bytes = Uint8Array.from(atob(value.replaceAll('-', '+').replaceAll('_', '/')), (character) =>
    character.charCodeAt(0),
  )
  const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) {
    throw new TypeError('The claims are not an object')
  }
  return claims as Readonly<Record<string, unknown>>
}

/** @throws an error for text that is not `name=value,name=value` */
function labelsOf(value: string): Readonly<Record<string, string>> {
  // Without a prototype, so that a label that does not exist is undefined whatever its name, `constructor` too.
  const labels = Object.create(null) as Record<string, string>
  for (const pair of value.split(',')) {
    const [name = '', encoded, ...more] = pair.split('=')
    if (name === '' || encoded === undefined || more.length > 0)
      throw new TypeError('The labels are not pairs')
    labels[name] = decodeURIComponent(encoded)
  }
  return Object.freeze(labels)
}

import { ENVIRONMENT, ORGANIZATION } from './records.ts'
import { shuffledNumbers, syntheticKey } from './keys.ts'
import {
  credentialHeaders,
  AUTH_VARIANT_CONSUMERS,
  AUTH_VARIANTS,
  type AuthVariant,
} from './auth-variants.ts'

/** The number of different requests. More would only cause cache misses in the load generator. */
const REQUESTS_MAX = 65_536

/** The number of a well-formed key that no server knows, far above those of the loaded keys. */
const UNKNOWN = 0x7fff_0000

/** Common headers of HTTP clients. */
const CLIENT_HEADERS = ['Host: api.example.com', 'User-Agent: acme-mobile/3.1', 'Accept: application/json']

const BASE = `/${ORGANIZATION}/${ENVIRONMENT}`
const PATH = `${BASE}/orders`

/** Requests as nginx's `auth_request` sends them, each with a different key. */
export function authzRequests(keys: number): Buffer[] {
  return sample(keys).map((number, index) => authzRequest(number, index))
}

/** Such a request with an unknown key. */
export function unknownAuthzRequest(): Buffer {
  return authzRequest(UNKNOWN, 0)
}

/** Requests as nginx's `auth_request` sends them, with the credentials of a variant, each of a different consumer. */
export function authVariantRequests(variant: AuthVariant): Buffer[] {
  return Array.from({ length: AUTH_VARIANT_CONSUMERS }, (_, number) =>
    describedRequest(
      `${BASE}${AUTH_VARIANTS[variant].path}/${number}`,
      number,
      credentialHeaders(variant, number),
    ),
  )
}

/** Such a request without credentials. */
export function anonymousRequest(variant: AuthVariant): Buffer {
  return describedRequest(`${BASE}${AUTH_VARIANTS[variant].path}/0`, 0, [])
}

/** Requests as consumers send them, each with a different key. */
export function proxyRequests(keys: number): Buffer[] {
  return sample(keys).map((number, index) => proxyRequest(number, index))
}

/** Such a request with an unknown key. */
export function unknownProxyRequest(): Buffer {
  return proxyRequest(UNKNOWN, 0)
}

/**
 * A serialized GET request.
 *
 * @param headers complete header lines without line ends
 */
function getRequest(path: string, headers: readonly string[]): Buffer {
  return Buffer.from([`GET ${path} HTTP/1.1`, ...CLIENT_HEADERS, ...headers, '', ''].join('\r\n'))
}

function sample(keys: number): readonly number[] {
  return shuffledNumbers(keys, Math.min(keys, REQUESTS_MAX))
}

function authzRequest(keyNumber: number, order: number): Buffer {
  return describedRequest(`${PATH}/${order}`, order, [`X-Api-Key: ${syntheticKey(keyNumber).token}`])
}

/** @param credentials header lines */
function describedRequest(path: string, order: number, credentials: readonly string[]): Buffer {
  return getRequest('/authz', [
    'X-Original-Method: GET',
    `X-Original-URL: ${path}`,
    'X-Sallyport-Mode: nginx',
    `X-Forwarded-For: 198.51.100.${order % 255}`,
    ...credentials,
  ])
}

function proxyRequest(keyNumber: number, order: number): Buffer {
  return getRequest(`${PATH}/${order}`, [`X-Api-Key: ${syntheticKey(keyNumber).token}`])
}

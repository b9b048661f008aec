import { ENVIRONMENT, ORGANIZATION } from './records.ts'
import { scattered, syntheticKey } from './keys.ts'
import { credentialsOf, WAY_IN_CONSUMERS, WAYS_IN, type WayIn } from './ways-in.ts'

/** So many different requests are asked in turn; more would only make the load generator miss its own caches. */
const REQUESTS_MAX = 65_536

/** Well formed, and unknown to everybody: its number is far above those of the keys that are loaded. */
const UNKNOWN = 0x7fff_0000

/** What any HTTP client sends along. */
const CLIENT_HEADERS = ['Host: api.example.com', 'User-Agent: acme-mobile/3.1', 'Accept: application/json']

const BASE = `/${ORGANIZATION}/${ENVIRONMENT}`
const PATH = `${BASE}/orders`

/** Requests as nginx's `auth_request` makes them, each with another of the keys. */
export function authzRequests(keys: number): Buffer[] {
  return sample(keys).map((number, place) => authzRequest(number, place))
}

/** The same with a key that does not exist. */
export function unknownAuthzRequest(): Buffer {
  return authzRequest(UNKNOWN, 0)
}

/** Requests as nginx's `auth_request` makes them, that come in by one of the ways, each as another consumer. */
export function wayInRequests(way: WayIn): Buffer[] {
  return Array.from({ length: WAY_IN_CONSUMERS }, (_, number) =>
    describedRequest(`${BASE}${WAYS_IN[way].path}/${number}`, number, credentialsOf(way, number)),
  )
}

/** The same with nothing to come in by. */
export function strangerRequest(way: WayIn): Buffer {
  return describedRequest(`${BASE}${WAYS_IN[way].path}/0`, 0, [])
}

/** Requests as a consumer makes them, each with another of the keys. */
export function proxyRequests(keys: number): Buffer[] {
  return sample(keys).map((number, place) => proxyRequest(number, place))
}

/** The same with a key that does not exist. */
export function unknownProxyRequest(): Buffer {
  return proxyRequest(UNKNOWN, 0)
}

/**
 * One GET as bytes.
 *
 * @param headers whole lines without their ends
 */
function getRequest(path: string, headers: readonly string[]): Buffer {
  return Buffer.from([`GET ${path} HTTP/1.1`, ...CLIENT_HEADERS, ...headers, '', ''].join('\r\n'))
}

function sample(keys: number): readonly number[] {
  return scattered(keys, Math.min(keys, REQUESTS_MAX))
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

import type { Caller } from './caller-request.ts'

/** The environment whose pipelines a verifier asks about: by its name, or by a host of the gateway. */
export type Place =
  | { readonly organization: string; readonly environment: string; readonly host?: undefined }
  | { readonly host: string; readonly organization?: undefined; readonly environment?: undefined }

/** The facts that an address can be read from. */
export interface AddressSource {
  /** The value of a header, joined by a comma if it was sent several times; null if it was not sent. */
  readonly header: (name: string) => string | null
  /** The address at the other end of the connection; null if the request does not say it. */
  readonly peer: string | null
}

export interface QuestionOptions {
  /** Replaces the path of the caller. */
  readonly path?: string | undefined
  readonly readAddress?: ((source: AddressSource) => string | null | undefined) | undefined
}

/** Headers with credentials, in lower case: the gateway reads no others. */
const CREDENTIAL_HEADERS = [
  'authorization',
  'apikey',
  'x-api-key',
  'x-api-appkey',
  'x-api-apptoken',
  'x-access-token',
]
/** The headers that make a preflight (WHATWG Fetch, "CORS-preflight request"), together with OPTIONS. */
const CORS_HEADERS = ['origin', 'access-control-request-method']

/** A target that can be put after another path: no "*", no URL, and nothing that a header cannot have. */
const TARGET = /^\/[\x21-\x7e]*$/
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/
/** The ids that the gateway accepts. */
const REQUEST_ID = /^[A-Za-z0-9._~:+/=-]{1,128}$/
const ADDRESS = /^[0-9a-f:.]{2,45}$/i
/** The address that stands for none (RFC 4291 section 2.5.2). No rule about addresses fits it, except one for all. */
const NO_ADDRESS = '::'

/**
 * Composes the headers that ask the gateway about a request. No other header of the caller reaches the gateway, so a caller
 * cannot describe another request.
 *
 * @param place checked by `checkedPlace`
 * @returns null for a request whose target or headers are not valid
 */
export function composeQuestion(
  place: Place,
  caller: Caller,
  { path, readAddress }: QuestionOptions,
): Record<string, string> | null {
  if (!TARGET.test(caller.target)) return null
  const target = path === undefined ? caller.target : path + queryOf(caller.target)
  const headers: Record<string, string> = {
    'x-original-method': caller.method,
    'x-original-url':
      place.host === undefined
        ? `/${place.organization}/${place.environment}${target}`
        : `https://${place.host}${target}`,
    'x-forwarded-for': addressOf(caller, readAddress),
  }
  for (const name of CREDENTIAL_HEADERS) {
    const [value, ...more] = caller.values(name)
    // The gateway refuses an empty credential like a repeated one, and says so in its own words.
    if (value !== undefined) headers[name] = more.length === 0 ? value : ''
  }
  for (const name of CORS_HEADERS) {
    const values = caller.values(name)
    if (values.length > 0) headers[name] = values.join(', ')
  }
  const requestId = caller.values('x-request-id')
  if (requestId.length === 1 && REQUEST_ID.test(requestId[0] ?? ''))
    headers['x-request-id'] = requestId[0] ?? ''
  return Object.values(headers).every((value) => HEADER_VALUE.test(value)) ? headers : null
}

/** The query with its "?"; empty without one. */
function queryOf(target: string): string {
  const question = target.indexOf('?')
  return question === -1 ? '' : target.slice(question)
}

function addressOf(caller: Caller, readAddress: QuestionOptions['readAddress']): string {
  const { peer } = caller
  const header = (name: string): string | null => {
    const values = caller.values(name.toLowerCase())
    return values.length === 0 ? null : values.join(', ')
  }
  const address = (readAddress === undefined ? peer : readAddress({ header, peer })) ?? NO_ADDRESS
  // Without the zone of a link-local address (RFC 4007 section 11), such as "%eth0".
  const plain = address.trim().replace(/%.*$/, '')
  return ADDRESS.test(plain) ? plain : NO_ADDRESS
}

const NAME = /^[a-z][a-z0-9-]{0,62}$/
const HOST = /^[a-z0-9.:[\]-]{1,255}$/i

/** @throws TypeError for an environment, or a host, that cannot exist */
export function checkedPlace({
  organization,
  environment,
  host,
}: Readonly<Record<keyof Place, string | undefined>>): Place {
  if (host !== undefined) {
    if (organization !== undefined || environment !== undefined) {
      throw new TypeError('Give a verifier either a host, or an organization and an environment.')
    }
    if (!HOST.test(host)) throw new TypeError(`"${host}" is not a host, such as api.example.com.`)
    return { host }
  }
  if (organization === undefined || environment === undefined) {
    throw new TypeError('A verifier needs an organization and an environment, or a host of the gateway.')
  }
  for (const name of [organization, environment]) {
    if (!NAME.test(name)) throw new TypeError(`"${name}" is not the name of an organization or environment.`)
  }
  return { organization, environment }
}

/** @throws TypeError for text that is not a path alone */
export function checkedPath(path: string): string {
  if (TARGET.test(path) && !/[?#]/.test(path)) return path
  throw new TypeError(`"${path}" is not a path: begin with "/", and leave out the query.`)
}

import type { IncomingMessage } from 'node:http'
import { CREDENTIAL_HEADERS, routePathParameters } from '@sallyport/core'
import type { Call } from '../deployment/admitted-request.ts'
import { connectionOptions, HOP_BY_HOP } from '../headers/hop-by-hop.ts'
import { IDENTITY_PREFIX } from '../headers/identity-headers.ts'
import { PathPlaces } from '../request/path-parameters.ts'
import { stripQueryKeys } from '../request/query-key.ts'
import type { MessageOrigin } from '../message/message.ts'

/** What steps get to see of a request beside its body: everything but its credentials. */
export function requestOrigin({ request, deployment, pattern, path, query }: Call): MessageOrigin {
  return {
    method: request.method ?? '',
    path,
    params: paramsOf(pattern, path),
    query: queryOf(stripQueryKeys(query, deployment.trigger.apiKeyInQuery)),
    headers: headersOf(request),
  }
}

function paramsOf(pattern: string, path: string): ReadonlyMap<string, string> {
  const places = new PathPlaces(pattern).in(path)
  // The whole path was found to decode when the target was read.
  return new Map(
    routePathParameters(pattern).map((name) => [name, decodeURIComponent(places.get(name) ?? '')]),
  )
}

/** As a form is decoded (WHATWG URL, application/x-www-form-urlencoded); a name that is there again makes a list. */
function queryOf(query: string | null): ReadonlyMap<string, string | readonly string[]> {
  const values = new Map<string, string | readonly string[]>()
  for (const [name, value] of new URLSearchParams(query ?? '')) {
    const before = values.get(name)
    values.set(name, before === undefined ? value : [before, value].flat())
  }
  return values
}

function headersOf({ rawHeaders, headers }: IncomingMessage): ReadonlyMap<string, string> {
  const named = connectionOptions(headers.connection)
  const seen = new Map<string, string>()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? ''
    // As upstreams get them: what reads "_" and "-" alike must not get a credential either.
    const read = name.replaceAll('_', '-')
    const isHidden = CREDENTIAL_HEADERS.has(read) || HOP_BY_HOP.has(read) || read.startsWith(IDENTITY_PREFIX)
    if (isHidden || named?.has(name) === true) continue
    const value = rawHeaders[index + 1] ?? ''
    const before = seen.get(name)
    // RFC 9110 section 5.3, and RFC 6265 section 5.4 for cookies.
    seen.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`)
  }
  return seen
}

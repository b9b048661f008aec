import { parseStrictJson } from '@sallyport/core'
import type { Dispatcher } from 'undici'
import { readBody } from './read-body.ts'

export interface FetchLimits {
  readonly bytesMax: number
  /** For the whole exchange, including the connection. */
  readonly msMax: number
}

/** Sends requests: those of a slot, or any agent of undici. */
interface Requester {
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData>
}

/**
 * Fetches a JSON document with GET. Redirects are not followed: the server could otherwise choose another host.
 *
 * @throws Error when the status is not 200 or the body is too large, too slow or not JSON that every reader interprets
 *   the same way; and undici's errors
 */
export async function fetchJson(requester: Requester, url: string, limits: FetchLimits): Promise<unknown> {
  const { origin, pathname, search } = new URL(url)
  const { statusCode, body } = await requester.request({
    origin,
    path: pathname + search,
    method: 'GET',
    headers: { accept: 'application/json', 'user-agent': 'sallyport' },
    // Covers the body too.
    signal: AbortSignal.timeout(limits.msMax),
  })
  if (statusCode !== 200) {
    // Destroying an unread body emits an error on its stream.
    body.on('error', () => undefined)
    body.destroy()
    throw new Error(`the response has status ${statusCode}, expected 200`)
  }
  const bytes = await readBody(body, limits.bytesMax)
  const read = parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  if (read.fault !== null) throw new Error(`the response is not unambiguous JSON: ${read.fault}`)
  return read.value
}

import type { Dispatcher } from 'undici'

/** How much a document may be, and how long it may take, connection and all. */
export interface FetchLimits {
  readonly bytesMax: number
  readonly msMax: number
}

/** Whatever sends requests: an agent of undici, or what stands for one. */
export type Requester = Pick<Dispatcher, 'request'>

/**
 * Fetches a JSON document with GET. Redirects are not followed: whoever answers could otherwise choose another host.
 *
 * @throws Error for any status but 200, what is too large, too slow or no JSON, and what undici throws
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
    // Ending a body before its end is an error to its stream, and to nobody else.
    body.on('error', () => undefined)
    body.destroy()
    throw new Error(`the answer is ${statusCode} and not 200`)
  }
  const parts: Buffer[] = []
  let bytes = 0
  // Leaving the loop early ends the body.
  for await (const part of body as AsyncIterable<Buffer>) {
    bytes += part.length
    if (bytes > limits.bytesMax) throw new Error(`the answer has more than ${limits.bytesMax} bytes`)
    parts.push(part)
  }
  return JSON.parse(Buffer.concat(parts).toString('utf8'))
}

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'

/** What decides about a request reads of it. */
type ReadPart = Pick<IncomingMessage, 'rawHeaders' | 'headers'> & {
  readonly socket: { readonly remoteAddress: string | undefined }
}

/** Headers of which Node.js keeps the first value (https://nodejs.org/api/http.html#messageheaders). */
const FIRST_ONLY: ReadonlySet<string> = new Set([
  'age',
  'authorization',
  'content-length',
  'content-type',
  'etag',
  'expires',
  'from',
  'host',
  'if-modified-since',
  'if-unmodified-since',
  'last-modified',
  'location',
  'max-forwards',
  'proxy-authorization',
  'referer',
  'retry-after',
  'server',
  'user-agent',
])

/**
 * A request that this process has not received over a connection of its own, as the deciding parts read one. They read
 * headers and the address of the peer, and nothing else.
 *
 * @param rawHeaders alternating names and values, repeated headers included
 * @param address of the peer; undefined if it is unknown, which no rule for addresses admits
 */
export function describedRequest(
  rawHeaders: readonly string[],
  address: string | undefined,
): IncomingMessage {
  return new DescribedRequest(rawHeaders, address) as ReadPart as IncomingMessage
}

class DescribedRequest implements ReadPart {
  readonly rawHeaders: string[]
  readonly socket: { readonly remoteAddress: string | undefined }
  #headers: IncomingHttpHeaders | undefined

  constructor(rawHeaders: readonly string[], address: string | undefined) {
    this.rawHeaders = [...rawHeaders]
    this.socket = { remoteAddress: address }
  }

  get headers(): IncomingHttpHeaders {
    this.#headers ??= headersOf(this.rawHeaders)
    return this.#headers
  }
}

/** Headers as Node.js joins them. */
function headersOf(rawHeaders: readonly string[]): IncomingHttpHeaders {
  const headers = Object.create(null) as Record<string, string | string[]>
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    const value = rawHeaders[index + 1] ?? ''
    const earlier = headers[name]
    if (name === 'set-cookie') headers[name] = [earlier ?? [], value].flat()
    else if (typeof earlier !== 'string') headers[name] = value
    else if (!FIRST_ONLY.has(name)) headers[name] = earlier + (name === 'cookie' ? '; ' : ', ') + value
  }
  return headers
}

/** A request of the Fetch standard, such as those of Hono, Next.js, Bun, Deno and edge runtimes. */
export interface FetchRequest {
  readonly method: string
  readonly url: string
  readonly headers: { get(name: string): string | null }
}

/** A request of Node.js, such as those of `node:http` and Express, and `request.raw` of Fastify. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** The URL as received, which routers such as Express keep when they shorten `url`. */
  readonly originalUrl?: string | undefined
  /** Alternating names and values, because `headers` keeps only the first of a repeated `Authorization`. */
  readonly rawHeaders: readonly string[]
  readonly socket?: { readonly remoteAddress?: string | undefined } | null | undefined
}

export type CallerRequest = FetchRequest | NodeRequest

/** The part of a caller's request that the gateway can be told. */
export interface Caller {
  readonly method: string
  /** Path and query, undecoded and unchanged. */
  readonly target: string
  /** The values of a header, one for each time that it was sent. @param name in lower case */
  values(name: string): readonly string[]
  /** The address at the other end of the connection; null if the request does not say it. */
  readonly peer: string | null
}

export function readCaller(request: CallerRequest): Caller {
  return 'rawHeaders' in request ? ofNode(request) : ofFetch(request)
}

function ofNode({ method = '', url = '', originalUrl, rawHeaders, socket }: NodeRequest): Caller {
  const headers = new Map<string, string[]>()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase()
    const value = rawHeaders[index + 1] ?? ''
    const values = headers.get(name)
    if (values === undefined) headers.set(name, [value])
    else values.push(value)
  }
  return {
    method,
    target: originalUrl ?? url,
    values: (name) => headers.get(name) ?? [],
    peer: socket?.remoteAddress ?? null,
  }
}

/** The scheme and the authority of a URL, before its path. */
const ORIGIN = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i

function ofFetch({ method, url, headers }: FetchRequest): Caller {
  // Cut from the text: a parser could change the path into another one than the router of the server sees.
  const rest = url.replace(ORIGIN, '')
  return {
    method,
    target: rest.startsWith('/') ? rest : `/${rest}`,
    values: (name) => {
      const value = headers.get(name)
      return value === null ? [] : [value]
    },
    peer: null,
  }
}

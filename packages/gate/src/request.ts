/** A request of Node.js, such as those of `node:http` and Express, and `request.raw` of Fastify. */
export interface NodeRequest {
  readonly method?: string | undefined
  readonly url?: string | undefined
  /** The URL as received, which routers such as Express keep when they shorten `url`. */
  readonly originalUrl?: string | undefined
  /** Alternating names and values, repeated headers included. */
  readonly rawHeaders: readonly string[]
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** A request of the Fetch standard. */
export interface FetchRequest {
  readonly method: string
  readonly url: string
  readonly headers: Iterable<readonly [string, string]>
}

/** A request in your own words. */
export interface DescribedRequest {
  readonly method: string
  /** Path and query as received, such as `/orders/7?full=1`. */
  readonly path: string
  /** By their names, or as pairs; repeated headers as arrays or repeated pairs. */
  readonly headers:
    | Readonly<Record<string, string | readonly string[] | undefined>>
    | Iterable<readonly [string, string]>
  /** Of the peer; rules for addresses admit no caller without one. */
  readonly address?: string | undefined
}

export type GateRequest = NodeRequest | FetchRequest | DescribedRequest

export interface DecideOptions {
  /** The path to decide about, whichever path led here. The query of the request stays. */
  readonly path?: string | undefined
  /** The address of the peer, for a request of the Fetch standard, which has none. */
  readonly address?: string | undefined
}

/** A request as decisions need it. */
export type ReadRequest = {
  readonly method: string
  /** Path and query, undecoded. */
  readonly target: string
} & (
  | { readonly node: NodeRequest }
  | {
      readonly node?: undefined
      /** Alternating names and values. */
      readonly rawHeaders: readonly string[]
      readonly address: string | undefined
    }
)

/** @throws TypeError for a `path` that is not one */
export function readRequest(request: GateRequest, { path, address }: DecideOptions): ReadRequest {
  if (path !== undefined && !/^\/[^?#]*$/.test(path)) {
    throw new TypeError('path must start with "/" and have no query.')
  }
  if ('rawHeaders' in request) {
    const { method = '', url = '', originalUrl = url } = request
    return { method, target: withPath(originalUrl, path), node: request }
  }
  const { method, headers } = request
  if ('path' in request) {
    const rawHeaders = rawHeadersOf(headers)
    return { method, target: withPath(request.path, path), rawHeaders, address: address ?? request.address }
  }
  const { pathname, search, host } = new URL(request.url)
  const rawHeaders = rawHeadersOf(headers)
  // A request that a program has made itself has no such header.
  if (!rawHeaders.some((text, index) => index % 2 === 0 && text.toLowerCase() === 'host')) {
    rawHeaders.push('host', host)
  }
  return { method, target: withPath(pathname + search, path), rawHeaders, address }
}

function withPath(target: string, path: string | undefined): string {
  if (path === undefined) return target
  const question = target.indexOf('?')
  return question < 0 ? path : path + target.slice(question)
}

function rawHeadersOf(headers: DescribedRequest['headers']): string[] {
  const pairs = Symbol.iterator in headers ? [...headers] : Object.entries(headers)
  return pairs.flatMap(([name, value = []]) => [value].flat().flatMap((each) => [name, each]))
}

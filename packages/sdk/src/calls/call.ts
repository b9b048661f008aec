/** How an operation is called. */
export interface OperationShape {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** With the names of inputs in braces. */
  readonly path: string
  /** The names of inputs that go into the query. */
  readonly query?: readonly string[]
  /** What the other inputs become; left out for no body. */
  readonly body?: 'json' | 'file'
  /** Whether a repeated request with the same `Idempotency-Key` takes effect only once. */
  readonly idempotencyKey?: boolean
  /** How the answer reaches the caller: `json` unless given. */
  readonly answer?: 'list' | 'file' | 'none'
}

/** The content of a file to send. A stream can be sent only once, so such a call is never retried. */
export type FileContent = string | Uint8Array<ArrayBuffer> | Blob | ReadableStream<Uint8Array>

/** What a single call may say besides its input. */
export interface CallOptions {
  /** Ends the call, and its retries. */
  readonly signal?: AbortSignal | undefined
  /** Replaces the key that the client chooses, to go on with a call of an earlier process. */
  readonly idempotencyKey?: string | undefined
  /** Changes a resource only if its ETag is still this one (`etagOf`), else 412 `precondition_failed`. `*`: any. */
  readonly ifMatch?: string | undefined
  /** Changes a resource only if its ETag is not this one, else 412. `*` with PUT: only if there is none yet. */
  readonly ifNoneMatch?: string | undefined
}

/** The input of a call as the client sees it: its names come from the generated types. */
export type CallInput = Readonly<Record<string, unknown>>

/** A request that is ready to be sent, as often as needed. */
export interface ComposedRequest {
  readonly url: string
  readonly method: OperationShape['method']
  readonly headers: Readonly<Record<string, string>>
  readonly body: FileContent | null
}

const PATH_INPUT = /\{(\w+)\}/g

/**
 * Composes the request of a call.
 *
 * @param base the URL of the server, without a trailing slash
 * @param input with the members of path, query and body
 * @throws TypeError for an input that the path needs and that is missing
 */
export function composeRequest(
  base: string,
  { method, path, query = [], body: bodyKind }: OperationShape,
  input: CallInput,
): ComposedRequest {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined))
  const take = (name: string): unknown => {
    const value = rest.get(name)
    rest.delete(name)
    return value
  }
  const filled = path.replaceAll(PATH_INPUT, (_, name: string) => pathSegment(name, take(name)))
  const search = new URLSearchParams()
  for (const name of query) {
    const value = take(name)
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) search.append(name, String(one))
  }
  const url = `${base}${filled}${search.size === 0 ? '' : `?${search.toString()}`}`
  if (bodyKind === 'file') {
    const headers = { 'content-type': String(take('contentType')) }
    return { url, method, headers, body: take('file') as FileContent }
  }
  const accept = take('accept')
  const headers = {
    accept: typeof accept === 'string' ? accept : 'application/json, application/problem+json',
  }
  if (bodyKind === undefined) return { url, method, headers, body: null }
  return {
    url,
    method,
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(Object.fromEntries(rest)),
  }
}

function pathSegment(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    const hint = name === 'organization' ? ' Give one to the call, or to the client.' : ''
    throw new TypeError(`The call needs "${name}".${hint}`)
  }
  // However they are written, such segments would lead to another path (URL Standard, "double-dot URL path segment").
  if (value === '.' || value === '..') throw new TypeError(`Nothing has the ${name} "${value}".`)
  return encodeURIComponent(value)
}

import {
  type CallInput,
  type CallOptions,
  composeRequest,
  type ComposedRequest,
  type OperationShape,
} from './calls/call.ts'
import type { Operations } from './generated/client.ts'
import { OPERATIONS } from './generated/operations.ts'
import { List, type Page } from './calls/list.ts'
import { rememberEtag } from './calls/etags.ts'
import { randomUuid } from './calls/random-uuid.ts'
import { pause, retryPauseMs } from './calls/retries.ts'
import { errorOfAnswer, type LocalErrorCode, networkError, SallyportError } from './calls/sallyport-error.ts'
import { serverUrl } from './calls/server-url.ts'
import { startTimeLimit } from './calls/time-limit.ts'

const RETRIES = 2
const ATTEMPT_MS_MAX = 30_000

export interface ClientOptions {
  /** The URL of the management API, such as `https://console.example.com`. */
  readonly url: string
  /** A key's token. Without one, calls are those of a visitor, or in a browser of the session of its cookie. */
  readonly token?: string | undefined
  /** The slug of the organization of calls that name no other. */
  readonly organization?: string | undefined
  /** How often a call is tried again where that is safe: 2 unless given. */
  readonly retries?: number | undefined
  /** How long one attempt may take, in ms: 30,000 unless given. What arrives of a file may take longer. */
  readonly attemptMsMax?: number | undefined
  /** Replaces `fetch`, for a proxy or a certificate of your own. */
  readonly fetch?: typeof globalThis.fetch | undefined
}

/** The operations of the management API, each a function of its input. Calls throw `SallyportError`. */
export type Client = Readonly<Operations>

/** @throws TypeError if the URL is not one of HTTP */
export function createClient(options: ClientOptions): Client {
  const caller = new Caller(options)
  const functions = Object.entries(OPERATIONS).map(([id, shape]) => [id, functionOf(caller, shape)] as const)
  return Object.freeze(Object.fromEntries(functions)) as unknown as Client
}

type OperationFunction = (input?: CallInput, options?: CallOptions) => unknown

function functionOf(caller: Caller, shape: OperationShape): OperationFunction {
  if (shape.answer !== 'list') {
    return async (input = {}, options = {}) => await caller.call(shape, input, options)
  }
  return (input = {}, options = {}) =>
    new List(async (cursor) => (await caller.call(shape, { ...input, cursor }, options)) as Page<unknown>)
}

/** Sends the requests of a client. */
class Caller {
  readonly #options: ClientOptions
  readonly #url: string

  constructor(options: ClientOptions) {
    this.#options = options
    this.#url = serverUrl(options.url, 'management API')
  }

  /**
   * @returns the answer as JSON; a `Response` for a file; undefined for an empty answer
   * @throws SallyportError, the reason of an aborted signal, TypeError for an input that is missing
   */
  async call(shape: OperationShape, input: CallInput, options: CallOptions): Promise<unknown> {
    const { retries = RETRIES } = this.#options
    const { signal } = options
    const hasIdempotencyKey = shape.idempotencyKey === true
    const request = this.#compose(shape, input, options)
    for (let failures = 1; ; failures += 1) {
      try {
        return await this.#attempt(shape, request, signal)
      } catch (error) {
        signal?.throwIfAborted()
        if (!(error instanceof SallyportError) || failures > retries) throw error
        const pauseMs = retryPauseMs(error, request, { failures, hasIdempotencyKey, random: Math.random() })
        if (pauseMs === null) throw error
        await pause(pauseMs, signal)
      }
    }
  }

  #compose(shape: OperationShape, input: CallInput, options: CallOptions): ComposedRequest {
    const { idempotencyKey, ifMatch, ifNoneMatch } = options
    const { organization, token } = this.#options
    const isMissing = shape.path.includes('{organization}') && input['organization'] === undefined
    const request = composeRequest(this.#url, shape, isMissing ? { ...input, organization } : input)
    const key = idempotencyKey ?? randomUuid()
    return {
      ...request,
      headers: {
        ...request.headers,
        ...(shape.idempotencyKey === true && { 'idempotency-key': key }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
        ...(ifNoneMatch !== undefined && { 'if-none-match': ifNoneMatch }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
    }
  }

  async #attempt(
    { answer: kind }: OperationShape,
    { url, method, headers, body }: ComposedRequest,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { fetch = globalThis.fetch, attemptMsMax = ATTEMPT_MS_MAX } = this.#options
    const isStream = body instanceof ReadableStream
    const limit = startTimeLimit(isStream ? null : attemptMsMax, signal)
    try {
      const answer = await fetch(url, {
        method,
        headers,
        body,
        // The token is for this server, wherever it would send us.
        redirect: 'error',
        signal: limit.signal,
        ...(isStream && { duplex: 'half' }),
      })
      if (!answer.ok) throw await errorOfAnswer(answer, Date.now())
      if (kind === 'file') return answer
      const text = await answer.text()
      if (kind === 'none') return undefined
      const content = parsed(text, answer)
      rememberEtag(content, answer.headers.get('etag'))
      return content
    } catch (cause) {
      throw cause instanceof SallyportError ? cause : networkError(cause)
    } finally {
      limit.clear()
    }
  }
}

/** @throws SallyportError if the answer is not JSON */
function parsed(text: string, { status, headers }: Response): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new SallyportError({
      code: 'unexpected_answer' satisfies LocalErrorCode,
      status,
      detail:
        'The answer is not JSON. Check the URL that you gave the SDK, and what stands before the server.',
      requestId: headers.get('x-request-id'),
      cause,
    })
  }
}

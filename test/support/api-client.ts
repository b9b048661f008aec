import { type ServerProcess } from './server-process.ts'

/** A response with its parsed body. */
export interface ApiResponse {
  readonly status: number
  readonly headers: Headers

  readonly body: Json
}

/** Untyped JSON, in which any member may exist. */
export interface Json {
  readonly [member: string]: Json
}

/**
 * The string at a path of members, such as `textAt(body, 'key', 'id')`.
 *
 * @throws Error if there is no string at that path
 */
export function textAt(json: unknown, ...members: readonly string[]): string {
  let value = json
  for (const member of members) value = (value as Json | undefined)?.[member]
  if (typeof value !== 'string') throw new Error(`there is no string at ${members.join('.')}`)
  return value
}

/** Whether a response has one JSON text; an export has one in each line. */
function isJson({ headers }: Response): boolean {
  return /^application\/(?:[\w-]+\+)?json\b/.test(headers.get('content-type') ?? '')
}

async function answerOf(response: Response): Promise<ApiResponse> {
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' || !isJson(response) ? {} : JSON.parse(text)) as Json,
  }
}

/** An HTTP client that uses only the public API, as a script would. */
export class ApiClient {
  readonly #base: string
  readonly #token: string | undefined

  constructor(base: string, token?: string) {
    this.#base = base
    this.#token = token
  }

  as(token: string): ApiClient {
    return new ApiClient(this.#base, token)
  }

  /** The same caller at another address. */
  at(base: string): ApiClient {
    return new ApiClient(base, this.#token)
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiResponse> {
    const response = await fetch(this.#base + path, {
      method,
      // A redirect is an answer to look at.
      redirect: 'manual',
      headers: {
        // Beside a key, no cookie acts.
        ...(this.#token === undefined || 'cookie' in headers
          ? {}
          : { authorization: `Bearer ${this.#token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return await answerOf(response)
  }

  /** Sends a body that is not JSON, in parts. */
  async send(
    method: string,
    path: string,
    parts: AsyncIterable<Uint8Array>,
    contentType: string,
  ): Promise<ApiResponse> {
    return await answerOf(
      await fetch(this.#base + path, {
        method,
        headers: { authorization: `Bearer ${this.#token ?? ''}`, 'content-type': contentType },
        body: parts,
        duplex: 'half',
      }),
    )
  }

  /**
   * Calls the API and returns the body of the response.
   *
   * @throws Error with the response if its status is 300 or above
   */
  async must(method: string, path: string, body?: unknown): Promise<Json> {
    const response = await this.call(method, path, body)
    if (response.status >= 300) {
      throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(response.body)}`)
    }
    return response.body
  }
}

/** Creates the organization `acme` and returns a client with its owner key. */
export async function setUpAcme(server: ServerProcess): Promise<ApiClient> {
  const client = new ApiClient(server.controlUrl)
  const created = await client.must('POST', '/v1/setup', {
    setupToken: server.setupToken,
    organization: { slug: 'acme', name: 'Acme' },
  })
  return client.as(textAt(created, 'token'))
}

import { type ServerProcess } from './server-process.ts'

/** An answer of the management API, its body read. */
export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  // The contract's JSON, looked into by the tests without a schema, as a script would.
  readonly body: Json
}

/** JSON that a test looks into: every member may be there. */
export interface Json {
  readonly [member: string]: Json
}

/** The text at a place in an answer, such as `textAt(body, 'key', 'id')`. Throws where there is none. */
export function textAt(json: unknown, ...members: readonly string[]): string {
  let value = json
  for (const member of members) value = (value as Json | undefined)?.[member]
  if (typeof value !== 'string') throw new Error(`there is no text at ${members.join('.')}`)
  return value
}

/** Calls the management API as a script would: with nothing but what api.md says. */
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

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer> {
    const answer = await fetch(this.#base + path, {
      method,
      headers: {
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    return {
      status: answer.status,
      headers: answer.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Json,
    }
  }

  /** The same, for a call that must succeed: gives the body, or throws with what was answered. */
  async must(method: string, path: string, body?: unknown): Promise<Json> {
    const answer = await this.call(method, path, body)
    if (answer.status >= 300) {
      throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    }
    return answer.body
  }
}

/** Sets up the organization `acme` and gives a client with its owner key. */
export async function setUpAcme(server: ServerProcess): Promise<ApiClient> {
  const client = new ApiClient(server.controlUrl)
  const made = await client.must('POST', '/v1/setup', {
    setupToken: server.setupToken,
    organization: { slug: 'acme', name: 'Acme' },
  })
  return client.as(textAt(made, 'token'))
}

import { ApiClient, textAt, type ApiResponse } from '../support/api-client.ts'

/** Where an answer has a secret: the members that lead to it, or a way to find it. */
export type Place = readonly string[] | ((answer: ApiResponse) => string)

/** Calls a server, and keeps everything that it says except the secrets that it is asked for. */
export class IssuingClient {
  /** By what they are. */
  readonly secrets: Map<string, string>
  readonly #client: ApiClient
  readonly #answers: string[] = []

  /** @param secrets those that other clients know */
  constructor(url: string, secrets = new Map<string, string>()) {
    this.#client = new ApiClient(url)
    this.secrets = secrets
  }

  /** Everything that was said, without the secrets that were asked for. */
  get answers(): Buffer {
    return Buffer.from(this.#answers.join('\n'))
  }

  /** Calls where no secret may be in the answer. */
  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiResponse> {
    const answer = await this.#client.call(method, path, body, headers)
    this.#keep(answer, [])
    return answer
  }

  /** Calls where the answer has secrets. */
  async issue(
    places: Readonly<Record<string, Place>>,
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<ApiResponse> {
    const answer = await this.#client.call(method, path, body, headers)
    if (answer.status >= 300)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
    const issued = Object.entries(places).map(([name, place]) => {
      const secret = typeof place === 'function' ? place(answer) : textAt(answer.body, ...place)
      if (secret === '') throw new Error(`${method} ${path} answered without ${name}`)
      this.secrets.set(name, secret)
      return secret
    })
    this.#keep(answer, issued)
    return answer
  }

  #keep({ status, headers, body }: ApiResponse, issued: readonly string[]): void {
    let text = JSON.stringify([status, [...headers], body])
    for (const secret of issued) text = text.replaceAll(secret, '…')
    this.#answers.push(text)
  }
}

import { Agent, request } from 'node:http'

/** The outcome of a plain request. */
export interface ProbeAnswer {
  /** By the monotonic clock: nothing was sent before. */
  readonly startedAtMs: number
  /** Such as `200` or `401 key_deleted`; `broken` if the connection ended without a complete response. */
  readonly outcome: string
}

/** Sends plain requests to a gateway, one at a time on a kept connection. */
export class Probe implements Disposable {
  readonly #gatewayUrl: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })

  constructor(gatewayUrl: string) {
    this.#gatewayUrl = gatewayUrl
  }

  async get(path: string, headers: Readonly<Record<string, string>>): Promise<ProbeAnswer> {
    const startedAtMs = performance.now()
    const outcome = await new Promise<string>((resolve) => {
      const broken = (): void => resolve('broken')
      const sent = request(this.#gatewayUrl + path, { agent: this.#agent, headers }, (response) => {
        const { statusCode = 0 } = response
        const code = response.headers['x-sallyport-code']
        response.on('error', broken)
        response.on('end', () =>
          resolve(typeof code === 'string' ? `${statusCode} ${code}` : `${statusCode}`),
        )
        response.resume()
      })
      sent.on('error', broken)
      sent.end()
    })
    return { startedAtMs, outcome }
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
  }
}

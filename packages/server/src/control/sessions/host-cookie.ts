import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * A cookie of this host alone (RFC 6265bis). Over HTTPS it has the prefix `__Host-`, so that no other host and no path can
 * set or get it. `SameSite=Lax` keeps it from requests of other sites that change something.
 */
export class HostCookie {
  readonly #publicUrl: () => string
  readonly #name: string
  readonly #seconds: number

  /**
   * @param publicUrl the URL that browsers know this server by
   * @param name without the prefix
   * @param seconds how long browsers keep it
   */
  constructor(publicUrl: () => string, name: string, seconds: number) {
    this.#publicUrl = publicUrl
    this.#name = name
    this.#seconds = seconds
  }

  /** Its value in a request; undefined for none. */
  read({ cookies }: Pick<FastifyRequest, 'cookies'>): string | undefined {
    const value = cookies[this.#fullName()]
    return value === '' ? undefined : value
  }

  set(reply: FastifyReply, value: string): void {
    void reply.setCookie(this.#fullName(), value, { ...this.#options(), maxAge: this.#seconds })
  }

  clear(reply: FastifyReply): void {
    void reply.clearCookie(this.#fullName(), this.#options())
  }

  #fullName(): string {
    return this.#isSecure() ? `__Host-${this.#name}` : this.#name
  }

  #isSecure(): boolean {
    return this.#publicUrl().startsWith('https:')
  }

  #options() {
    return { path: '/', httpOnly: true, secure: this.#isSecure(), sameSite: 'lax' } as const
  }
}

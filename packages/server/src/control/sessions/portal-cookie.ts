import type { FastifyReply, FastifyRequest } from 'fastify'

/** The routes that the cookie is sent to. */
const PATH = '/v1/portal'
const NAME = 'sallyport_portal'
const SECOND_MS = 1000

/**
 * The cookie that holds the token of a portal session (RFC 6265bis). Only the routes of the portal get it, and no request
 * that another site causes. `__Host-` would need the path `/`, so over HTTPS its name starts with `__Secure-`.
 */
export class PortalCookie {
  readonly #publicUrl: () => string

  /** @param publicUrl the URL that browsers know this server by */
  constructor(publicUrl: () => string) {
    this.#publicUrl = publicUrl
  }

  /** The token in a request; undefined for none. */
  read({ cookies }: Pick<FastifyRequest, 'cookies'>): string | undefined {
    const value = cookies[this.#fullName()]
    return value === '' ? undefined : value
  }

  /** @param lifeMs how long browsers keep it, in ms */
  set(reply: FastifyReply, token: string, lifeMs: number): void {
    void reply.setCookie(this.#fullName(), token, {
      ...this.#options(),
      maxAge: Math.ceil(lifeMs / SECOND_MS),
    })
  }

  clear(reply: FastifyReply): void {
    void reply.clearCookie(this.#fullName(), this.#options())
  }

  #fullName(): string {
    return this.#isSecure() ? `__Secure-${NAME}` : NAME
  }

  #isSecure(): boolean {
    return this.#publicUrl().startsWith('https:')
  }

  #options() {
    return { path: PATH, httpOnly: true, secure: this.#isSecure(), sameSite: 'strict' } as const
  }
}

import { Problem } from '@sallyport/core'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { authenticateSession, type MemberActor } from '../../app/access/authenticate-session.ts'
import { notify } from '../../app/notices/notify.ts'
import type { OpenedSession } from '../../app/sessions/open-session.ts'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { ControlDeps } from '../routing/dependencies.ts'
import { requireOwnOrigin } from './cross-origin.ts'
import { KnownDevices } from './known-devices.ts'
import { csrfToken, SessionCookie } from './session-cookie.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether a session that still lacks the second factor may use the route. */
    admitsPending?: boolean
  }
}

type Opened = OpenedSession & { readonly person: Pick<PersonRow, 'email'> }
type WebSessionDeps = Pick<ControlDeps, 'store' | 'nowMs' | 'publicUrl' | 'mails' | 'sealer' | 'randomBytes'>

/** The sessions of people, as HTTP carries them. */
export class WebSessions {
  readonly #deps: WebSessionDeps
  readonly #cookie: SessionCookie
  readonly #devices: KnownDevices

  constructor(deps: WebSessionDeps) {
    this.#deps = deps
    this.#cookie = new SessionCookie(deps.publicUrl)
    this.#devices = new KnownDevices(deps)
  }

  /** Whether a session acts in a request. */
  isActing(request: FastifyRequest): boolean {
    return this.tokenOf(request) !== undefined
  }

  /**
   * The token of the session that acts in a request; undefined for none. Where there is an `Authorization`, it acts, or
   * nothing does: a cookie is sent without being asked for. Every route asks here.
   */
  tokenOf(request: FastifyRequest): string | undefined {
    return request.headers.authorization === undefined ? this.#cookie.read(request) : undefined
  }

  /** @throws Problem `cross_origin` */
  requireOwnOrigin(request: FastifyRequest): void {
    requireOwnOrigin(request, this.#deps.publicUrl(), this.tokenOf(request))
  }

  /**
   * The person whose session a request has.
   *
   * @param organization that the request is about; undefined for none
   * @throws Problem `unauthenticated`, `second_factor_required`, `cross_origin`
   */
  async authenticate(request: FastifyRequest, organization?: string): Promise<MemberActor> {
    const token = this.tokenOf(request)
    if (token === undefined) throw new Problem('unauthenticated', { detail: withoutSession(request) })
    this.requireOwnOrigin(request)
    const admitsPending = request.routeOptions.config.admitsPending ?? false
    return await authenticateSession(this.#deps, { token, address: request.ip, organization, admitsPending })
  }

  /**
   * The person whose session a request has; undefined for a request without one, or whose session has ended.
   *
   * @throws Problem `second_factor_required`, `cross_origin`
   */
  async authenticateIfAny(request: FastifyRequest): Promise<MemberActor | undefined> {
    if (!this.isActing(request)) return undefined
    try {
      return await this.authenticate(request)
    } catch (error) {
      if (error instanceof Problem && error.code === 'unauthenticated') return undefined
      throw error
    }
  }

  /** The id of the browser, if the person with this e-mail address has signed in at it before. */
  knownDeviceOf(request: FastifyRequest, email: string): string | undefined {
    return this.#devices.idOf(request, email)
  }

  /**
   * Sends the cookie of somebody who has just signed in, and tells them by mail if they never did at this browser. Returns
   * the token for pages. A session that lacks the second factor does not make the browser a known one: with a known
   * browser come guesses of its own, also of codes.
   */
  signIn(
    request: FastifyRequest,
    reply: FastifyReply,
    { person, session, token, isPending = false }: Opened & { readonly isPending?: boolean },
  ): string {
    const { address, userAgent } = session
    const isNew = this.#devices.idOf(request, person.email) === undefined
    if (isNew) notify(this.#deps, person.email, { about: 'new-device', address, userAgent })
    if (isPending) return this.begin(reply, { token })
    return this.welcome(request, reply, { person, token })
  }

  /**
   * Sends the cookie of somebody who needs no mail about it: they have just got an account, or sent the second factor that
   * the session lacked. Returns the token for pages.
   */
  welcome(
    request: FastifyRequest,
    reply: FastifyReply,
    { person, token }: Pick<Opened, 'person' | 'token'>,
  ): string {
    const forPages = this.begin(reply, { token })
    this.#devices.remember(request, reply, person.email)
    return forPages
  }

  /** Sends the new token of a session. Returns the token for pages. */
  begin(reply: FastifyReply, { token }: Pick<OpenedSession, 'token'>): string {
    this.#cookie.set(reply, token)
    return csrfToken(token)
  }

  /** Removes the cookie. */
  end(reply: FastifyReply): void {
    this.#cookie.clear(reply)
  }
}

function withoutSession({ headers }: FastifyRequest): string {
  return headers.authorization === undefined
    ? 'Sign in with POST /v1/auth/sign-in first.'
    : 'This needs the session of a person. Sign in with POST /v1/auth/sign-in, and send the request without `Authorization`: beside that header, no session acts.'
}

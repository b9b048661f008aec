import type { IncomingMessage } from 'node:http'
import type { Allowed, DenyReason, DeploymentRecord, ValidJwt } from '@sallyport/core'
import type { Passage } from '../request/passage.ts'

/** The part of the gateway that works on an exchange, and can end it. */
export interface ExchangeOwner {
  /** Ends the exchange at once, in both directions. Nothing is sent or forwarded after this returns. */
  cut(reason: DenyReason): void
  /**
   * Called when bytes of the exchange have waited for 2 s, because the gateway must not decide for its environment. An owner that has not
   * begun to respond refuses the request; without this method, the bytes wait until the exchange ends by its own limits.
   */
  heldTooLong?(): void
}

/** The caller's request, with which it can be decided again. */
export interface Caller {
  readonly request: IncomingMessage
  /** The query as received, from which some triggers read the API key. */
  readonly query: string | null
}

/** Where an exchange is registered. */
interface Registration {
  remove(exchange: Exchange): void
  refresh(exchange: Exchange): void
  mayPass(exchange: Exchange): boolean
  whenOpen(exchange: Exchange, resume: () => void): void
}

/**
 * One admitted request until its last byte has been sent, or one scheduled run. It holds what is needed to decide it
 * again. The fields from `registration` on belong to `OpenExchanges`.
 */
export class Exchange implements Passage {
  /** The deployment that runs it; it stays the same when a newer version goes live. */
  readonly deployment: DeploymentRecord
  /** Null for a scheduled run. */
  readonly caller: Caller | null
  /** The newest verdict; null for a scheduled run, which needs none. */
  verdict: Allowed | null
  /** Set before the exchange is registered; replaced when another part takes the exchange over. */
  owner: ExchangeOwner | null = null
  /** Why it was cut; null while it goes on. */
  cutReason: DenyReason | null = null
  /** The ids of the Basic credentials that its steps verified. */
  credentials: readonly string[] = []
  /** The JWTs that its steps verified. */
  jwts: readonly ValidJwt[] = []

  registration: Registration | null = null
  /** The list of recent exchanges that it is in; null if it is in none. */
  recent: Exchange[] | null = null
  /** Its position in that list. */
  recentPosition = 0
  /** The keys under which it is indexed; null as long as it is not. */
  subjects: readonly string[] | null = null
  /** When it is due to be decided again, in ms since 1970; `Infinity` for never. */
  dueAtMs = Infinity
  /** Its position in the queue of due exchanges; -1 if it is not in it. */
  queuePosition = -1

  constructor(deployment: DeploymentRecord, caller: Caller | null, verdict: Allowed | null) {
    this.deployment = deployment
    this.caller = caller
    this.verdict = verdict
  }

  /** From now on, the exchange ends with this Basic credential too. */
  addCredential(id: string): void {
    this.credentials = [...this.credentials, id]
    this.registration?.refresh(this)
  }

  /** From now on, the exchange ends with this JWT too. */
  addJwt(jwt: ValidJwt): void {
    this.jwts = [...this.jwts, jwt]
    this.registration?.refresh(this)
  }

  /** False while the gateway must not decide for its environment, and after a cut. An exchange that is due to end is cut by this call. */
  mayPass(): boolean {
    return this.registration?.mayPass(this) ?? this.cutReason === null
  }

  whenOpen(resume: () => void): void {
    this.registration?.whenOpen(this, resume)
  }

  /** Removes it from the register. Calling it again has no effect. */
  close(): void {
    this.registration?.remove(this)
  }
}

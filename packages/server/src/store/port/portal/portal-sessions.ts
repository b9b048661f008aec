import type { PortalScope } from '@sallyport/core'
import type { Page, PageRequest } from '../pages/paging.ts'

/** `pending` until its link is opened. Every state but `ended` is over too once `expiresAtMs` has passed. */
export type PortalSessionState = 'pending' | 'open' | 'ended'

/** A session in which a consumer's people see and change the keys of that consumer. */
export interface PortalSessionRow {
  readonly organization: string
  /** Unique over all organizations. */
  readonly id: string
  /** The id of the consumer, which may be removed since. */
  readonly consumer: string
  /** The environment of the consumer. */
  readonly environment: string
  /** What its issuer allowed. What it allows now depends on the issuer too. */
  readonly scopes: readonly PortalScope[]
  readonly returnUrl: string | null
  readonly state: PortalSessionState
  /** SHA-256 of the secret in the link, 64 lower-case hexadecimal digits. */
  readonly linkDigest: string
  /** SHA-256 of the token in the cookie; null unless it is open. */
  readonly tokenDigest: string | null
  readonly createdAtMs: number
  /** The id of the issuer: a key or a person. */
  readonly createdBy: string
  /** When the issuer's key, or the old secret with which it acted, was to end at that time; null for never. */
  readonly issuerEndsAtMs: number | null
  readonly expiresAtMs: number
  /** When its link was opened; null if it was not. */
  readonly openedAtMs: number | null
  /** The IP address and the `User-Agent` that opened it, as far as known. */
  readonly openerAddress: string | null
  readonly openerUserAgent: string | null
  /** When it was ended before it expired; null if it was not. */
  readonly endedAtMs: number | null
}

/** What the opening of a session adds to its row. */
export interface PortalOpening {
  readonly tokenDigest: string
  readonly openedAtMs: number
  readonly openerAddress: string | null
  readonly openerUserAgent: string | null
}

export interface PortalSessionReader {
  get(organization: string, id: string): Promise<PortalSessionRow | undefined>
  /** Of any organization and in any state. */
  byLink(linkDigest: string): Promise<PortalSessionRow | undefined>
  /** Of any organization; an open one only. */
  byToken(tokenDigest: string): Promise<PortalSessionRow | undefined>
  /** In order of creation. */
  list(organization: string, page: PageRequest): Promise<Page<PortalSessionRow>>
  /** Those of one consumer that have neither ended nor expired, oldest first. */
  liveOfConsumer(organization: string, consumer: string, nowMs: number): Promise<readonly PortalSessionRow[]>
}

export interface PortalSessionWriter extends PortalSessionReader {
  insert(row: PortalSessionRow): Promise<void>
  /** Opens a pending one. @throws Problem `not_found` if it is not pending */
  open(organization: string, id: string, opening: PortalOpening): Promise<void>
  /** Ends one that is pending or open. @throws Problem `not_found` if it has ended */
  end(organization: string, id: string, endedAtMs: number): Promise<void>
  /** Removes those of all organizations that expired before `beforeMs`: at most `limit`, the oldest first. Returns them. */
  removeExpired(beforeMs: number, limit: number): Promise<readonly PortalSessionRow[]>
}

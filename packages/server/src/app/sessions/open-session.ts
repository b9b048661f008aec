import { SESSION_MS_MAX } from '@sallyport/core'
import type { SessionRow } from '../../store/port/people/sessions.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { newId } from '../new-id.ts'
import { newToken } from '../new-token.ts'

/** The most sessions of one person; the oldest ends when there are more. */
const SESSIONS_PER_PERSON_MAX = 50
/** A longer `User-Agent` is cut off. */
export const USER_AGENT_CHARS_MAX = 200
/** For a person who has not confirmed anything yet. */
const NEVER_MS = 0

/** What a way of signing in has established. */
export interface SignedIn extends Pick<SessionRow, 'person' | 'method' | 'dependsOn'> {
  /** Whether it included a second factor. */
  readonly hasSecondFactor: boolean
  /** Whether the person had to prove just now who they are, which a provider does not promise. Yes unless given. */
  readonly isConfirmed?: boolean
}

/** Where a request comes from. */
export interface Client {
  readonly address: string | undefined
  readonly userAgent: string | undefined
}

export interface OpenedSession {
  readonly session: SessionRow
  /** What the cookie holds; only its digest is stored. */
  readonly token: string
}

type SessionContext = Pick<OperationContext, 'nowMs' | 'randomBytes'>

/**
 * Opens a session. Every way of signing in ends here. Whether the session lets the person in is decided at each of its
 * requests, so a way that establishes no second factor opens a session that still lacks it.
 */
export async function openSession(
  tx: Pick<Writer, 'sessions'>,
  context: SessionContext,
  { person, method, dependsOn, hasSecondFactor, isConfirmed = true }: SignedIn,
  { address, userAgent }: Client,
): Promise<OpenedSession> {
  const nowMs = context.nowMs()
  const { token, digest } = newToken(context.randomBytes)
  const session: SessionRow = {
    id: newId('ses', context.randomBytes),
    person,
    tokenDigest: digest,
    method,
    dependsOn,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + SESSION_MS_MAX,
    lastUsedAtMs: nowMs,
    confirmedAtMs: isConfirmed ? nowMs : NEVER_MS,
    secondFactorAtMs: hasSecondFactor ? nowMs : null,
    address: address ?? null,
    userAgent: userAgent?.slice(0, USER_AGENT_CHARS_MAX) ?? null,
  }
  await tx.sessions.insert(session)
  const sessions = await tx.sessions.ofPerson(person, nowMs)
  if (sessions.length > SESSIONS_PER_PERSON_MAX) {
    // Whoever knows only a password must not end sessions with a second factor.
    const ended = sessions.find(({ secondFactorAtMs }) => secondFactorAtMs === null) ?? sessions[0]
    if (ended !== undefined) await tx.sessions.remove(person, ended.id)
  }
  return { session, token }
}

/** What a person has confirmed in a session with. */
export interface Confirmed {
  /** Whether a second factor was verified. */
  readonly hasSecondFactor: boolean
  /**
   * What now vouches for the session, unless the password did already: the name of a way to sign in, or null for the
   * password. Left out for a code, which signs nobody in.
   */
  readonly dependsOn?: string | null
}

/** Records what a person confirmed in a session, under a new token: whoever knew the old one is out. */
export async function confirmSession(
  tx: Pick<Writer, 'sessions'>,
  context: SessionContext,
  session: SessionRow,
  { hasSecondFactor, dependsOn = session.dependsOn }: Confirmed,
): Promise<OpenedSession> {
  const nowMs = context.nowMs()
  const { token, digest } = newToken(context.randomBytes)
  const confirmed: SessionRow = {
    ...session,
    tokenDigest: digest,
    dependsOn: session.dependsOn === null ? null : dependsOn,
    confirmedAtMs: nowMs,
    secondFactorAtMs: hasSecondFactor ? nowMs : session.secondFactorAtMs,
  }
  await tx.sessions.update(confirmed)
  return { session: confirmed, token }
}

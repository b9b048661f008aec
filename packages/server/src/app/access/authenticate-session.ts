import { NO_CUSTOM_ROLES, Problem, sessionRefusal, type Grant } from '@sallyport/core'
import { tokenDigest } from '../../crypto/digest.ts'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { SessionRow } from '../../store/port/people/sessions.ts'
import type { Store } from '../../store/port/store.ts'
import type { Actor, ActorReaders } from './actor.ts'
import { customRolesOfEach, grantsOfKey } from './roles.ts'
import { hasSecondFactor } from './second-factor.ts'

interface AuthenticateSessionDeps {
  readonly store: Pick<Store, 'read' | 'write'>
  readonly nowMs: () => number
}

/** What a request with a session says about itself. */
export interface SentSession {
  /** The token in the cookie. */
  readonly token: string
  readonly address?: string | undefined
  /** The organization that the request is about; undefined for none. */
  readonly organization?: string | undefined
  /** Whether the request may come from a session that still lacks the second factor. */
  readonly admitsPending?: boolean
}

/** A session that was used within this time, in ms, is not written again. */
const USE_RECORDED_EVERY_MS = 60_000

/**
 * Authenticates a session for the management API, and records its use.
 *
 * @throws Problem `unauthenticated`, `second_factor_required`
 */
export async function authenticateSession(
  { store, nowMs }: AuthenticateSessionDeps,
  { token, ...sent }: SentSession,
): Promise<MemberActor> {
  const digest = tokenDigest(token)
  const member = new MemberActor(
    { ...sent, digest },
    await identify(store.read, { ...sent, digest }, nowMs()),
  )
  await recordUse(store, member.session, nowMs())
  return member
}

/** A request must not fail because its use cannot be recorded. */
async function recordUse(store: Pick<Store, 'write'>, session: SessionRow, nowMs: number): Promise<void> {
  if (nowMs - session.lastUsedAtMs < USE_RECORDED_EVERY_MS) return
  try {
    await store.write((tx) => tx.sessions.touch(session.id, nowMs))
  } catch (error) {
    if (!(error instanceof Problem && error.code === 'unavailable')) throw error
  }
}

/** What identifies a caller, without its token. */
type KnownSession = Omit<SentSession, 'token'> & {
  /** SHA-256 of the token. */
  readonly digest: string
}

interface IdentifiedPerson {
  readonly session: SessionRow
  readonly person: PersonRow
  /** Whether the session lacks the second factor that the person has. */
  readonly isPending: boolean
  /** What the person is in the organization that the request is about, or in all of theirs. */
  readonly memberships: ReadonlyMap<string, Membership>
}

interface Membership {
  readonly roles: readonly string[]
  readonly grants: readonly Grant[]
}

/** A signed-in person who acts, as they were when they were read last. */
export class MemberActor implements Actor {
  readonly kind = 'member'
  readonly id: string
  readonly #sent: KnownSession
  #found: IdentifiedPerson

  constructor(sent: KnownSession, found: IdentifiedPerson) {
    this.id = found.person.id
    this.#sent = sent
    this.#found = found
  }

  get organizations(): readonly string[] {
    return [...this.#found.memberships.keys()]
  }

  get address(): string | undefined {
    return this.#sent.address
  }

  get session(): SessionRow {
    return this.#found.session
  }

  get person(): PersonRow {
    return this.#found.person
  }

  get isPending(): boolean {
    return this.#found.isPending
  }

  get confirmedAtMs(): number {
    return this.#found.session.confirmedAtMs
  }

  grantsIn(organization: string): readonly Grant[] | undefined {
    return this.#found.memberships.get(organization)?.grants
  }

  rolesIn(organization: string): readonly string[] {
    return this.#found.memberships.get(organization)?.roles ?? []
  }

  async renew(readers: ActorReaders, nowMs: number): Promise<void> {
    this.#found = await identify(readers, this.#sent, nowMs)
  }
}

/** Finds the session and its person, checks that it lets the person in now, and reads what their roles grant. */
async function identify(
  readers: ActorReaders,
  { digest, organization, admitsPending = false }: KnownSession,
  nowMs: number,
): Promise<IdentifiedPerson> {
  const session = await readers.sessions.byToken(digest)
  const person = session && (await readers.people.get(session.person))
  if (session === undefined || person === undefined) throw sessionEnded()
  const lacksFactor = session.secondFactorAtMs === null && (await hasSecondFactor(readers, person.id))
  const refusal = sessionRefusal(session, lacksFactor, nowMs)
  if (refusal === 'ended') throw sessionEnded()
  const isPending = refusal === 'second_factor_required'
  if (isPending && !admitsPending) throw new Problem('second_factor_required')
  const memberships = isPending ? new Map() : await membershipsOf(readers, person.id, organization)
  return { session, person, isPending, memberships }
}

function sessionEnded(): Problem {
  return new Problem('unauthenticated', { detail: 'The session has ended. Sign in again.' })
}

async function membershipsOf(
  { members, roles: roleReader }: ActorReaders,
  person: string,
  about: string | undefined,
): Promise<ReadonlyMap<string, Membership>> {
  const found = about === undefined ? await members.ofPerson(person) : [await members.get(about, person)]
  const rows = found.filter((row) => row !== undefined)
  const custom = await customRolesOfEach(roleReader, rows)
  return new Map(
    rows.map(({ organization, roles }) => {
      const grants = grantsOfKey({ roles, environment: null }, custom.get(organization) ?? NO_CUSTOM_ROLES)
      return [organization, { roles, grants }]
    }),
  )
}

import type { KeyId } from '@sallyport/core/key-text'
import type { Find } from '../finds/finds.ts'
import { type ManagementApi, ServerFailure } from './management-api.ts'

/** What the server says about a token, by the id of its key and the hints of the key's secrets. */
export type Liveness =
  | 'live'
  | 'outdated'
  | 'inactive'
  | 'expired'
  | 'deleted'
  | 'unknown here'
  | 'not checked'

/** The parts of a key of the management API that tell whether a token works. */
interface KeyAnswer {
  readonly state: 'active' | 'rolling' | 'inactive' | 'expired' | 'deleted'
  readonly secrets: readonly { readonly hint: string; readonly expiresAt: string | null }[]
}

/** The parts of `GET /v1/whoami` that tell which keys a key may read. */
interface WhoamiAnswer {
  readonly organization: string
  /** A grant for part of the organization has more fields than its permission. */
  readonly permissions: readonly { readonly permission: string }[]
}

/** How many keys are asked for at a time. */
const QUESTIONS_AT_ONCE = 4

/** The states of keys, and why some are missing. */
export interface KeyStates {
  of(find: Find, nowMs: number): Liveness
  /** Why the server could not be asked about all keys; undefined if it could. */
  readonly failure: string | undefined
}

/** Asks the server for the keys of tokens by their ids. No token leaves this machine. */
export async function readKeyStates(api: ManagementApi, keyIds: ReadonlySet<KeyId>): Promise<KeyStates> {
  const answers = new Map<KeyId, KeyAnswer | undefined>()
  let failure: string | undefined
  const waiting = [...keyIds]
  const ask = async ({ organization, permissions }: WhoamiAnswer): Promise<void> => {
    const readsAll = permissions.some(
      (grant) => grant.permission === 'keys.read' && Object.keys(grant).length === 1,
    )
    // A key that must not be seen looks like one that does not exist.
    if (!readsAll) failure ??= `the key in SALLYPORT_TOKEN has no keys.read for all keys of ${organization}`
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      const answer = (await api.get(`/v1/organizations/${organization}/keys/${id}`)) as KeyAnswer | undefined
      if (answer !== undefined || readsAll) answers.set(id, answer)
    }
  }
  try {
    const whoami = (await api.get('/v1/whoami')) as WhoamiAnswer
    await Promise.all(Array.from({ length: QUESTIONS_AT_ONCE }, () => ask(whoami)))
  } catch (error) {
    if (!(error instanceof ServerFailure)) throw error
    failure = error.message
    // The other questions under way are the last ones.
    waiting.splice(0)
  }
  return {
    failure,
    of: ({ keyId, hint }, nowMs) =>
      answers.has(keyId) ? livenessOf(answers.get(keyId), hint, nowMs) : 'not checked',
  }
}

/** A token of a live key is outdated if its secret has been rolled: the hint tells the secrets of a key apart. */
function livenessOf(key: KeyAnswer | undefined, hint: string, nowMs: number): Liveness {
  if (key === undefined) return 'unknown here'
  if (key.state !== 'active' && key.state !== 'rolling') return key.state
  const isCurrent = key.secrets.some(
    (secret) => secret.hint === hint && (secret.expiresAt === null || nowMs < Date.parse(secret.expiresAt)),
  )
  return isCurrent ? 'live' : 'outdated'
}

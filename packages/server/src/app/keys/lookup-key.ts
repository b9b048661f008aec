import { checkKey, type DenyReason, type KeyId, type Snapshot } from '@sallyport/core'
import type { OperationContext } from '../access/context.ts'
import { isPermitted, notFound, requireMembership } from '../access/permission-checks.ts'
import { keyTarget, permittedKey } from '../access/permitted-key.ts'
import { type NamedKeyRow, withConsumerName } from './consumer-names.ts'
import { sentToken } from './sent-token.ts'

/** Whose a token is. Plain data, so that it can cross threads. */
export interface FoundToken {
  readonly organization: string
  readonly key: KeyId
  readonly environment: string | null
  readonly isPublic: boolean
  /** The `sequence` of the secret. */
  readonly sequence: number
  /** Why a gateway refuses the token now; null if it does not. */
  readonly code: DenyReason | null
}

/**
 * Finds the key that a token is a secret of, with the check that the gateway makes of each call: it compares digests in
 * constant time, and knows old secrets and deleted keys as long as the snapshot does.
 *
 * @param importedKeyId the id of the key that was imported with a token of this SHA-256
 */
export function findToken(
  snapshot: Snapshot,
  token: string,
  nowMs: number,
  importedKeyId: (digest: Uint8Array) => KeyId,
): FoundToken | null {
  const { apiKey, digest, foreignKeyId } = sentToken(snapshot, token, importedKeyId)
  const checked = checkKey(snapshot, apiKey, digest, nowMs, foreignKeyId)
  if (typeof checked === 'string') return null
  const { key, secretIndex, refusal = null } = checked
  const { organization, id, environment, isPublic } = key
  const sequence = key.secretSequence(secretIndex)
  return { organization, key: id, environment, isPublic, sequence, code: refusal }
}

export interface LookUpKeyInput {
  readonly organization: string
  readonly token: string
}

export interface LookedUpKey {
  readonly key: NamedKeyRow
  /** Why a gateway refuses the token now, wherever it is sent; null if it does not. */
  readonly code: DenyReason | null
}

export interface LookUpContext extends OperationContext {
  /** Finds a token in the snapshot of a gateway: see `findToken`. */
  readonly findToken: (token: string) => FoundToken | null | Promise<FoundToken | null>
}

/**
 * Tells an actor that may read a key whose a token is, and whether it works. A token that is unknown, of another
 * organization or of a key that the actor may not read gets one answer. The token is not kept.
 *
 * @throws Problem `not_found`
 */
export async function lookUpKey(
  context: LookUpContext,
  { organization, token }: LookUpKeyInput,
): Promise<LookedUpKey> {
  requireMembership(context, organization)
  const found = await context.findToken(token)
  const isVisible =
    found?.organization === organization && isPermitted(context, organization, 'keys.read', keyTarget(found))
  if (!isVisible) throw notFound('key with this token')
  const { keys } = context.store.read
  const key = await permittedKey(context, keys, organization, found.key, 'keys.read')
  return { key: await withConsumerName(context, key), code: found.code }
}

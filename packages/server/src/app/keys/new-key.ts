import type { KeyAge, KeyType, Labels, RateLimit } from '@sallyport/core'
import { makeKeyId, makeToken, NO_KEY_AGE, NO_LABELS, tokenHint } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import { tokenDigest } from '../../crypto/digest.ts'
import type { OperationContext } from '../access/context.ts'

/** The fields of a new key; the caller has checked them. */
export interface NewKeyFields {
  readonly organization: string
  readonly name: string
  readonly type: KeyType
  readonly environment?: string | null
  readonly consumer?: string | null
  readonly roles?: readonly string[]
  readonly expiresAtMs?: number | null
  readonly addressRules?: readonly string[]
  readonly rateLimits?: readonly RateLimit[]
  readonly labels?: Labels
  /** The policy of its environment. */
  readonly age?: KeyAge
}

/** Makes a key with its first secret; stores nothing. Only a public key keeps its token. */
export function newKey(
  context: Pick<OperationContext, 'actor' | 'nowMs' | 'randomBytes'>,
  fields: NewKeyFields,
): { readonly key: KeyRow; readonly token: string } {
  const id = makeKeyId(context.randomBytes)
  const token = makeToken(fields.type, id, context.randomBytes)
  const createdAtMs = context.nowMs()
  const key: KeyRow = {
    organization: fields.organization,
    id,
    name: fields.name,
    type: fields.type,
    environment: fields.environment ?? null,
    consumer: fields.consumer ?? null,
    roles: fields.roles ?? [],
    active: true,
    createdAtMs,
    createdBy: context.actor.id,
    expiresAtMs: fields.expiresAtMs ?? null,
    deletedAtMs: null,
    addressRules: fields.addressRules ?? [],
    rateLimits: fields.rateLimits ?? [],
    labels: fields.labels ?? NO_LABELS,
    publicTokens: fields.type === 'public' ? [token] : [],
    age: fields.age ?? NO_KEY_AGE,
    secrets: [
      {
        sequence: 1,
        digest: tokenDigest(token),
        hint: tokenHint(token),
        createdAtMs,
        expiresAtMs: null,
        requests: 0,
        lastUsedAtMs: null,
        lastUsedAddress: null,
      },
    ],
  }
  return { key, token }
}

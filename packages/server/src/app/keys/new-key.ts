import type { KeyType, RateLimit } from '@sallyport/core'
import { makeKeyId, makeToken, tokenHint } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import { tokenDigest } from '../../crypto/digest.ts'
import type { OperationContext } from '../access/context.ts'

/** What a new key is to be; checked before. */
export interface NewKey {
  readonly organization: string
  readonly name: string
  readonly type: KeyType
  readonly environment?: string | null
  readonly consumer?: string | null
  readonly roles?: readonly string[]
  readonly expiresAtMs?: number | null
  readonly addressRules?: readonly string[]
  readonly rateLimits?: readonly RateLimit[]
}

/** Makes a key with its first secret. The token is nowhere but in the answer, unless the key is public. */
export function newKey(
  context: OperationContext,
  wanted: NewKey,
): { readonly key: KeyRow; readonly token: string } {
  const id = makeKeyId(context.randomBytes)
  const token = makeToken(wanted.type, id, context.randomBytes)
  const createdAtMs = context.nowMs()
  const key: KeyRow = {
    organization: wanted.organization,
    id,
    name: wanted.name,
    type: wanted.type,
    environment: wanted.environment ?? null,
    consumer: wanted.consumer ?? null,
    roles: wanted.roles ?? [],
    active: true,
    createdAtMs,
    createdBy: context.actor.id,
    expiresAtMs: wanted.expiresAtMs ?? null,
    deletedAtMs: null,
    addressRules: wanted.addressRules ?? [],
    rateLimits: wanted.rateLimits ?? [],
    publicTokens: wanted.type === 'public' ? [token] : [],
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

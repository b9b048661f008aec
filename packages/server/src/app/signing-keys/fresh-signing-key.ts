import type { PublicJwk, SigningAlgorithm } from '@sallyport/core'
import type { SigningKeyRow } from '../../store/port/signing-keys.ts'
import type { Writer } from '../../store/port/store.ts'
import { signingKeyContext } from '../../crypto/seal-contexts.ts'
import { generateSigningKey, type PrivateJwk } from '../../crypto/signing-keys.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { newId } from '../new-id.ts'
import { auditedSigningKey } from './signing-key-fields.ts'

/** What an environment signs with unless it is told otherwise. */
export const SIGNING_ALGORITHM_DEFAULT: SigningAlgorithm = 'EdDSA'

/** A key pair that no environment has yet. Its private half is in the clear: it is sealed before it is kept. */
export interface FreshSigningKey {
  /** The `kid`. */
  readonly id: string
  readonly algorithm: SigningAlgorithm
  readonly publicJwk: PublicJwk
  readonly privateJwk: PrivateJwk
}

/** Makes a key pair; always before a write transaction, which keeps all other writers waiting. */
export async function freshSigningKey(
  { randomBytes }: Pick<OperationContext, 'randomBytes'>,
  algorithm: SigningAlgorithm = SIGNING_ALGORITHM_DEFAULT,
): Promise<FreshSigningKey> {
  const id = newId('sig', randomBytes)
  return { id, algorithm, ...(await generateSigningKey(algorithm, id)) }
}

/** The row of the key that signs for an environment from now on. */
export function sealedSigningKey(
  context: OperationContext,
  { id, algorithm, publicJwk, privateJwk }: FreshSigningKey,
  { organization, environment }: { readonly organization: string; readonly environment: string },
): SigningKeyRow {
  const place = { organization, environment, id }
  return {
    ...place,
    algorithm,
    publicJwk,
    sealedPrivateJwk: context.sealer.seal(JSON.stringify(privateJwk), signingKeyContext(place)),
    createdAtMs: context.nowMs(),
    createdBy: context.actor.id,
    verifiesUntilMs: null,
  }
}

/** Gives an environment that has no signing key its first one. */
export async function insertFirstSigningKey(
  tx: Writer,
  context: OperationContext,
  fresh: FreshSigningKey,
  place: { readonly organization: string; readonly environment: string },
): Promise<void> {
  const row = sealedSigningKey(context, fresh, place)
  await tx.signingKeys.insert(row)
  tx.audit(
    auditEntry(context, place.organization, 'signing-keys.create', `signing-key/${row.id}`, {
      after: auditedSigningKey(row),
    }),
  )
}

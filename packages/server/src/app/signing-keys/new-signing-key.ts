import type { PublicJwk, SigningAlgorithm } from '@sallyport/core'
import type { SigningKeyRow } from '../../store/port/signing-keys.ts'
import type { Writer } from '../../store/port/store.ts'
import { signingKeyContext } from '../../crypto/seal-contexts.ts'
import { generateSigningKey, type PrivateJwk } from '../../crypto/signing-keys.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import { newId } from '../new-id.ts'
import { auditedSigningKey } from './signing-key-facts.ts'

/** The algorithm of a signing key unless the caller chooses one. */
export const SIGNING_ALGORITHM_DEFAULT: SigningAlgorithm = 'EdDSA'

/** A new key pair, not stored yet. The private key is plaintext; it is sealed before it is stored. */
export interface NewSigningKey {
  /** The `kid`. */
  readonly id: string
  readonly algorithm: SigningAlgorithm
  readonly publicJwk: PublicJwk
  readonly privateJwk: PrivateJwk
}

/** Generates a key pair. Call it before the write transaction, which blocks all other writers. */
export async function newSigningKey(
  { randomBytes }: Pick<OperationContext, 'randomBytes'>,
  algorithm: SigningAlgorithm = SIGNING_ALGORITHM_DEFAULT,
): Promise<NewSigningKey> {
  const id = newId('sig', randomBytes)
  return { id, algorithm, ...(await generateSigningKey(algorithm, id)) }
}

/** The row of a key that becomes the signing key of an environment. */
export function sealedSigningKey(
  context: OperationContext,
  { id, algorithm, publicJwk, privateJwk }: NewSigningKey,
  { organization, environment }: { readonly organization: string; readonly environment: string },
): SigningKeyRow {
  const identity = { organization, environment, id }
  return {
    ...identity,
    algorithm,
    publicJwk,
    sealedPrivateJwk: context.sealer.seal(JSON.stringify(privateJwk), signingKeyContext(identity)),
    createdAtMs: context.nowMs(),
    createdBy: context.actor.id,
    verifiesUntilMs: null,
  }
}

/** Inserts the first signing key of an environment. */
export async function insertFirstSigningKey(
  tx: Writer,
  context: OperationContext,
  signingKey: NewSigningKey,
  owner: { readonly organization: string; readonly environment: string },
): Promise<void> {
  const row = sealedSigningKey(context, signingKey, owner)
  await tx.signingKeys.insert(row)
  tx.audit(
    auditEntry(context, owner.organization, 'signing-keys.create', `signing-key/${row.id}`, {
      after: auditedSigningKey(row),
    }),
  )
}

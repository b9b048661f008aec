import type { FeedRecord } from '@sallyport/core'
import { secretContext, signingKeyContext } from '../../crypto/seal-contexts.ts'
import { seal, type Sealer } from '../../crypto/seal.ts'

/**
 * Returns a function that seals what gateways must read for them: the values of secrets and private keys are sealed under
 * the master key, which gateways do not have.
 *
 * @param master opens what the database has
 * @param key of 32 bytes, which gateways have
 */
export function shareSecrets(
  master: Pick<Sealer, 'unseal'>,
  key: Uint8Array,
): (record: FeedRecord) => FeedRecord {
  const shared = (sealed: string, context: string): string =>
    seal(key, master.unseal(sealed, context), context)
  return (record) => {
    if (record.kind === 'environment-secret')
      return { ...record, sealedValue: shared(record.sealedValue, secretContext(record)) }
    if (record.kind === 'signing-key')
      return { ...record, sealedPrivateJwk: shared(record.sealedPrivateJwk, signingKeyContext(record)) }
    return record
  }
}

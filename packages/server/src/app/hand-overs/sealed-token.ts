import type { EncryptedToken } from '../../crypto/hand-over-secret.ts'
import { handOverContext } from '../../crypto/seal-contexts.ts'
import type { HandOverRow } from '../../store/port/keys/hand-overs.ts'
import type { OperationContext } from '../access/context.ts'

/** A token that the page of a link decrypts. */
export type EncryptedForPage = Pick<EncryptedToken, 'nonce' | 'ciphertext'>

type Owner = Pick<HandOverRow, 'organization' | 'id'>

/**
 * Seals an encrypted token under the master key, so that an old copy of the database, such as a backup, opens nothing for
 * a link that turns up later.
 */
export function sealEncrypted(
  { sealer }: Pick<OperationContext, 'sealer'>,
  owner: Owner,
  { nonce, ciphertext }: EncryptedForPage,
): string {
  return sealer.seal(`${nonce}.${ciphertext}`, handOverContext(owner))
}

/** Opens what `sealEncrypted` returned. */
export function unsealEncrypted(
  { sealer }: Pick<OperationContext, 'sealer'>,
  owner: Owner,
  sealed: string,
): EncryptedForPage {
  const [nonce = '', ciphertext = ''] = sealer.unseal(sealed, handOverContext(owner)).split('.')
  return { nonce, ciphertext }
}

import { readCredentials, type Ask, type KeyId, type Snapshot } from '@sallyport/core'
import { tokenDigestBytes } from '../../crypto/digest.ts'

/**
 * What a decision needs to know about a token that was sent in the body of a request. It is the same as if a gateway had
 * received the token in `x-api-key`.
 *
 * @param importedKeyId the id of the key that was imported with a token of this SHA-256
 */
export function sentToken(
  { keys }: Snapshot,
  token: string | undefined,
  importedKeyId: (digest: Uint8Array) => KeyId,
): Pick<Ask, 'apiKey' | 'digest'> & { readonly foreignKeyId: KeyId | null } {
  const { apiKey } = readCredentials(token === undefined ? [] : ['x-api-key', token])
  switch (apiKey.kind) {
    case 'token':
      return { apiKey, digest: tokenDigestBytes(apiKey.parsed.token), foreignKeyId: null }
    case 'foreign': {
      if (keys.foreignCount === 0) return { apiKey, digest: null, foreignKeyId: null }
      const digest = tokenDigestBytes(apiKey.token)
      return { apiKey, digest, foreignKeyId: importedKeyId(digest) }
    }
    default:
      return { apiKey, digest: null, foreignKeyId: null }
  }
}

import { randomBase62 } from '@sallyport/core'

const ID_CHARS = 16

/** What a thing is, in its id: a Basic credential, a consumer, a deployment, an issuer, a secret, a signing key. */
type IdPrefix = 'bas' | 'con' | 'dep' | 'iss' | 'sec' | 'sig'

/** A new id for a thing that is not a key: a prefix and 95 random bits. */
export function newId(prefix: IdPrefix, randomBytes: (count: number) => Uint8Array): string {
  return `${prefix}_${randomBase62(ID_CHARS, randomBytes)}`
}

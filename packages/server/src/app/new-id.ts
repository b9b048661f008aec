import { randomBase62 } from '@sallyport/core'

const ID_CHARS = 16

/** The resource type: Basic credential, consumer, deployment, issuer, secret or signing key. Keys have ids of their own. */
type IdPrefix = 'bas' | 'con' | 'dep' | 'iss' | 'sec' | 'sig'

/** A new resource id: a prefix and 95 random bits. */
export function newId(prefix: IdPrefix, randomBytes: (count: number) => Uint8Array): string {
  return `${prefix}_${randomBase62(ID_CHARS, randomBytes)}`
}

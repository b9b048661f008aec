import { randomBase62 } from '@sallyport/core'

const ID_CHARS = 16

/** A new id for a thing that is not a key: a prefix and 95 random bits. */
export function newId(prefix: 'bas' | 'con' | 'dep', randomBytes: (count: number) => Uint8Array): string {
  return `${prefix}_${randomBase62(ID_CHARS, randomBytes)}`
}

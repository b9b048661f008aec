import { randomBase62 } from '@sallyport/core'

const ID_CHARS = 16

/**
 * A new resource id: a prefix and 95 random bits.
 *
 * @param prefix three letters that name the resource in ids, such as `con` for consumers
 */
export function newId(prefix: string, randomBytes: (count: number) => Uint8Array): string {
  return `${prefix}_${randomBase62(ID_CHARS, randomBytes)}`
}

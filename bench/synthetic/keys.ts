import { hash } from 'node:crypto'
import { type KeyId, makeKeyId, makeToken } from '@sallyport/core'

/*
 * The keys of the benchmark are a function of their number, so that the server that knows them and the load that
 * shows them, in two processes, agree without a list. Nothing here is secret.
 */

/** What tells this run's keys from any other's. */
const SEED = 0x5a11f027

export interface SyntheticKey {
  readonly id: KeyId
  readonly token: string
}

/** The key with this number, 0 or above. */
export function syntheticKey(number: number): SyntheticKey {
  const randomBytes = byteSource(SEED ^ Math.imul(number + 1, 0x9e3779b1))
  const id = makeKeyId(randomBytes)
  return { id, token: makeToken('secret', id, randomBytes) }
}

/** SHA-256 of a token, as 64 hexadecimal digits. */
export function digestText(token: string): string {
  return hash('sha256', token, 'hex')
}

/**
 * Numbers below `total` in an order that has no pattern a cache could use, each at most once.
 *
 * @param count how many of them, at most `total`
 */
export function scattered(total: number, count: number): number[] {
  const numbers = Uint32Array.from({ length: total }, (_, number) => number)
  const random = mulberry32(SEED)
  // The first `count` steps of a Fisher-Yates shuffle.
  for (let place = 0; place < count; place += 1) {
    const other = place + Math.floor((random() / 0x1_0000_0000) * (total - place))
    const kept = numbers[place] ?? 0
    numbers[place] = numbers[other] ?? 0
    numbers[other] = kept
  }
  return [...numbers.subarray(0, count)]
}

function byteSource(seed: number): (count: number) => Uint8Array {
  const random = mulberry32(seed)
  return (count) => {
    const bytes = new Uint8Array(count)
    for (let at = 0; at < count; at += 1) bytes[at] = random() >>> 24
    return bytes
  }
}

/** Tommy Ettinger's Mulberry32: small, quick, and more than even enough for test data. Gives 32-bit numbers. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

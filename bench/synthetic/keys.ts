import { type KeyId, makeKeyId, makeToken } from '@sallyport/core'

/*
 * The keys of the benchmark are a function of their number, so that the server and the load generator, which are two
 * processes, agree without exchanging a list. Nothing here is secret.
 */

/** The seed of all generated keys. */
const SEED = 0x5a11f027

export interface SyntheticKey {
  readonly id: KeyId
  readonly token: string
}

/** The key with the given number, from 0. */
export function syntheticKey(number: number): SyntheticKey {
  const randomBytes = byteSource(sfc32(number))
  const id = makeKeyId(randomBytes)
  return { id, token: makeToken('secret', id, randomBytes) }
}

/**
 * Distinct numbers below `total` in a random order, so that caches cannot profit from a pattern.
 *
 * @param count how many numbers, at most `total`
 */
export function shuffledNumbers(total: number, count: number): number[] {
  const numbers = Uint32Array.from({ length: total }, (_, number) => number)
  const random = mulberry32(SEED)
  // The first `count` steps of a Fisher-Yates shuffle.
  for (let index = 0; index < count; index += 1) {
    const other = index + Math.floor((random() / 0x1_0000_0000) * (total - index))
    const swapped = numbers[index] ?? 0
    numbers[index] = numbers[other] ?? 0
    numbers[other] = swapped
  }
  return [...numbers.subarray(0, count)]
}

function byteSource(random: () => number): (count: number) => Uint8Array {
  return (count) => {
    const bytes = new Uint8Array(count)
    for (let index = 0; index < count; index += 1) bytes[index] = random() >>> 24
    return bytes
  }
}

/**
 * Chris Doty-Humphrey's generator of 32-bit numbers. Its 128 bits of state keep the keys of any two numbers apart: a generator with
 * 32 bits comes to where another seed began, and gives two of ten million keys one id.
 */
function sfc32(seed: number): () => number {
  let [first, second, third, counter] = [SEED, seed | 0, ~seed, 1]
  const next = (): number => {
    const made = (((first + second) | 0) + counter) | 0
    counter = (counter + 1) | 0
    first = second ^ (second >>> 9)
    second = (third + (third << 3)) | 0
    third = (((third << 21) | (third >>> 11)) + made) | 0
    return made >>> 0
  }
  // Until the seed has changed every bit.
  for (let round = 0; round < 12; round += 1) next()
  return next
}

/** Tommy Ettinger's Mulberry32 generator of 32-bit numbers: small, fast and good enough for test data. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
}

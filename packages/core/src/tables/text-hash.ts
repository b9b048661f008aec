/** A secret of a process that callers cannot guess: two words. */
export type HashSeed = readonly [number, number]

/**
 * HalfSipHash-2-4 (Aumasson and Bernstein, https://github.com/veorq/SipHash) of a text's UTF-16 code units. Callers choose
 * usernames: without the seed they cannot find many that meet in one place of an index.
 */
export function hashOfText(text: string, seed: HashSeed): number {
  let v0 = seed[0]
  let v1 = seed[1]
  let v2 = 0x6c796765 ^ seed[0]
  let v3 = 0x74656462 ^ seed[1]
  const rounds = (count: number): void => {
    for (let round = 0; round < count; round += 1) {
      v0 = (v0 + v1) | 0
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
      v0 = (v0 << 16) | (v0 >>> 16)
      v2 = (v2 + v3) | 0
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
      v0 = (v0 + v3) | 0
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
      v2 = (v2 + v1) | 0
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
      v2 = (v2 << 16) | (v2 >>> 16)
    }
  }
  const absorb = (word: number): void => {
    v3 ^= word
    rounds(2)
    v0 ^= word
  }
  const { length } = text
  for (let index = 0; index + 1 < length; index += 2) {
    absorb(text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16))
  }
  // The last block has the number of bytes in its highest one.
  absorb((length << 25) | (length % 2 === 0 ? 0 : text.charCodeAt(length - 1)))
  v2 ^= 0xff
  rounds(4)
  return (v1 ^ v3) >>> 0
}

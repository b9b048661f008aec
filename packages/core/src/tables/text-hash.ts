/** A secret of a process that callers cannot guess: two words. */
export type HashSeed = readonly [number, number]

/**
 * HalfSipHash-2-4 (Aumasson and Bernstein, https://github.com/veorq/SipHash) of a text's UTF-16 code units. Callers choose
 * usernames: without the seed they cannot find many that meet in one place of an index.
 */
export function hashOfText(text: string, seed: HashSeed): number {
  halfSipHash(text, seed, false)
  return hashed[0] ?? 0
}

/** The same hash with 64 bits. @returns its two words, until the next call */
export function wideHashOfText(text: string, seed: HashSeed): Uint32Array {
  halfSipHash(text, seed, true)
  return hashed
}

const hashed = new Uint32Array(2)

function halfSipHash(text: string, seed: HashSeed, isWide: boolean): void {
  let v0 = seed[0]
  let v1 = seed[1] ^ (isWide ? 0xee : 0)
  let v2 = 0x6c796765 ^ seed[0]
  let v3 = 0x74656462 ^ seed[1]
  const blocks = (text.length >>> 1) + 1
  // The four rounds after the last block are those of two blocks that are 0.
  const rounds = blocks + (isWide ? 4 : 2)
  for (let block = 0; block < rounds; block += 1) {
    if (block === blocks) v2 ^= isWide ? 0xee : 0xff
    if (block === blocks + 2) {
      hashed[0] = v1 ^ v3
      v1 ^= 0xdd
    }
    const word = block < blocks ? blockAt(text, block) : 0
    v3 ^= word
    for (let round = 0; round < 2; round += 1) {
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
    v0 ^= word
  }
  hashed[isWide ? 1 : 0] = v1 ^ v3
}

/** Two code units; the last block has the number of bytes in its highest one. */
function blockAt(text: string, block: number): number {
  const index = 2 * block
  if (index + 1 < text.length) return text.charCodeAt(index) | (text.charCodeAt(index + 1) << 16)
  return (text.length << 25) | (index < text.length ? text.charCodeAt(index) : 0)
}

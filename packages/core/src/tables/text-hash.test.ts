import { expect, test } from 'vitest'
import { hashOfText, type HashSeed, wideHashOfText } from './text-hash.ts'

/** The key 00 01 … 07 of the reference vectors, as two words. */
const SEED: HashSeed = [0x03020100, 0x07060504]

/** The text whose code units are the bytes 00 01 02 … */
function counting(bytes: number): string {
  let text = ''
  for (let byte = 0; byte < bytes; byte += 2) text += String.fromCharCode(byte | ((byte + 1) << 8))
  return text
}

/** A hash as the bytes of the vectors, lowest first. */
function bytesOf(hash: number): string {
  return Buffer.from(Uint32Array.of(hash).buffer).toString('hex')
}

// vectors_hsip32 of https://github.com/veorq/SipHash.
test.each([
  [0, 'a9359f5b'],
  [2, 'fa62a603'],
  [4, '2a6e4689'],
  [6, '5863fc23'],
  [8, 'd0b8848f'],
])('gives the reference value for %i bytes', (bytes, expected) => {
  expect(bytesOf(hashOfText(counting(bytes), SEED))).toBe(expected)
})

// vectors_hsip64 of the same.
test.each([
  [0, '218d1f59b9b83cc8'],
  [2, '064f39ef7c50eb57'],
  [4, 'd5e78a175be52ea1'],
  [6, 'ce3e91358aa2bc25'],
  [8, 'edfee820bce4858c'],
])('gives the reference value of 64 bits for %i bytes', (bytes, expected) => {
  const [first = 0, second = 0] = wideHashOfText(counting(bytes), SEED)
  expect(bytesOf(first) + bytesOf(second)).toBe(expected)
})

test('depends on each code unit and on both words of the seed', () => {
  const hashes = [
    hashOfText('admin', SEED),
    hashOfText('admi', SEED),
    hashOfText('admin\0', SEED),
    hashOfText('\u0161dmin', SEED),
    hashOfText('admin', [SEED[0] ^ 1, SEED[1]]),
    hashOfText('admin', [SEED[0], SEED[1] ^ 1]),
  ]
  expect(new Set(hashes).size).toBe(hashes.length)
})

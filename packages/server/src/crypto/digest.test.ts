import { expect, test } from 'vitest'
import { digestsEqual, tokenDigest } from './digest.ts'

test('A digest is SHA-256 in lower-case hexadecimal (FIPS 180-4, the example "abc")', () => {
  expect(tokenDigest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('Digests are equal to the last digit, and never to one of another length', () => {
  const digest = tokenDigest('abc')
  expect(digestsEqual(digest, tokenDigest('abc'))).toBe(true)
  expect(digestsEqual(digest, `${digest.slice(0, -1)}e`)).toBe(false)
  expect(digestsEqual(digest, digest.slice(0, -1))).toBe(false)
  expect(digestsEqual('', digest)).toBe(false)
  // Cut to Latin-1, these would be one and the same byte.
  expect(digestsEqual('a', 'š')).toBe(false)
})

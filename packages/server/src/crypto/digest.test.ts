import { expect, test } from 'vitest'
import { digestsEqual, tokenDigest, tokenDigestBytes } from './digest.ts'

test('a digest is SHA-256 in lower-case hexadecimal (the FIPS 180-4 example "abc")', () => {
  expect(tokenDigest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})

test('the digest as bytes has the same value as the digest in hexadecimal', () => {
  for (const token of ['abc', 'é\u{1f511}', '']) {
    expect(Buffer.from(tokenDigestBytes(token)).toString('hex')).toBe(tokenDigest(token))
  }
})

test('digests are equal only if every digit and the length match', () => {
  const digest = tokenDigest('abc')
  expect(digestsEqual(digest, tokenDigest('abc'))).toBe(true)
  expect(digestsEqual(digest, `${digest.slice(0, -1)}e`)).toBe(false)
  expect(digestsEqual(digest, digest.slice(0, -1))).toBe(false)
  expect(digestsEqual('', digest)).toBe(false)
  // Truncated to Latin-1, both would be the same byte.
  expect(digestsEqual('a', 'š')).toBe(false)
})

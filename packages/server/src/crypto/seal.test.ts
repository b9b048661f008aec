import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { seal, unseal } from './seal.ts'

const key = randomBytes(32)

test('a sealed text opens under the same key and context', () => {
  for (const text of ['', 'sp_sk_…', 'x'.repeat(100_000), '{"é":"\u{1f511}"}']) {
    const sealed = seal(key, text, 'a/1')
    expect(unseal(key, sealed, 'a/1')).toBe(text)
    expect(sealed === text || (text !== '' && sealed.includes(text))).toBe(false)
  }
})

test('sealing the same text twice gives different results', () => {
  expect(seal(key, 'text', 'a')).not.toBe(seal(key, 'text', 'a'))
})

test('rejects another key, another context and any modified byte', () => {
  const sealed = seal(key, 'text', 'a/1')
  expect(() => unseal(randomBytes(32), sealed, 'a/1')).toThrow('cannot be opened')
  expect(() => unseal(key, sealed, 'a/2')).toThrow('cannot be opened')
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  for (let index = 0; index < bytes.length; index += 1) {
    const changed = Buffer.from(bytes)
    changed[index] = (changed[index] ?? 0) ^ 1
    expect(() => unseal(key, `v1.${changed.toString('base64url')}`, 'a/1')).toThrow('cannot be opened')
  }
})

test('rejects a truncated text and an unknown format', () => {
  const sealed = seal(key, '', 'a')
  for (const wrong of ['', 'v1.', 'v2.' + sealed.slice(3), sealed.slice(3), sealed.slice(0, -4)]) {
    expect(() => unseal(key, wrong, 'a')).toThrow('not a sealed text')
  }
})

test('opens a text that another implementation of AES-256-GCM sealed', () => {
  // By the Python package cryptography, with a key of 32 sevens and a nonce of 12 nines.
  const sealed = 'v1.CQkJCQkJCQkJCQkJV0Yg582HrhPEBdUhezxCzlyhBXYndNCRyA'
  expect(unseal(Buffer.alloc(32, 7), sealed, 'kind/é/1')).toBe('pässword')
})

test('a sealed text consists of its version, 12 random bytes, the ciphertext and a full tag of 16 bytes', () => {
  const sealed = seal(key, 'text', 'a')
  expect(sealed.startsWith('v1.')).toBe(true)
  const bytes = Buffer.from(sealed.slice(3), 'base64url')
  expect(bytes).toHaveLength(12 + 4 + 16)
  // GCM also allows shorter tags, which are easier to guess.
  for (const missing of [1, 4, 8, 12]) {
    const shortened = `v1.${bytes.subarray(0, -missing).toString('base64url')}`
    expect(() => unseal(key, shortened, 'a')).toThrow(missing > 4 ? 'not a sealed text' : 'cannot be opened')
  }
})

test('the error about a text that cannot be opened has a cause, and quotes neither text nor context', () => {
  const sealed = seal(key, 'quotable', 'quotable/1')
  let thrown: unknown
  try {
    unseal(randomBytes(32), sealed, 'quotable/1')
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ cause: expect.any(Error) })
  expect(String(thrown)).not.toMatch(/quotable/)
  expect(String(thrown)).not.toContain(sealed)
})

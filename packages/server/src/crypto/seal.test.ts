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

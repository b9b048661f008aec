import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readText, textWords, textWordsOf, writeText } from './packed-text.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ maxLength: 20 }),
  // Lone surrogates, which have no UTF-8.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 9 })
    .map((codes) => String.fromCharCode(...codes)),
)

test('a text comes back exactly, and takes as many words as it says', () => {
  fc.assert(
    fc.property(text, (one) => {
      const count = textWords(one)
      const words = new Uint32Array(count + 2).fill(9)
      expect(writeText(words, 1, one)).toBe(count + 1)
      expect([words[0], words[count + 1]]).toEqual([9, 9])
      expect(textWordsOf(words[1] ?? 0)).toBe(count)
      expect(readText(words, 1)).toBe(one)
    }),
  )
})

test('a character takes one byte up to U+00FF, and two from U+0100', () => {
  expect(textWords('\u00ff'.repeat(4))).toBe(2)
  expect(textWords('\u0100'.repeat(4))).toBe(3)
  expect(textWords('')).toBe(1)
})

test('reading ends with the words, whatever length the first one claims', () => {
  for (const first of [0xffffffff, 0xfffffffe]) {
    const words = Uint32Array.of(first, 0x00610061)
    expect(readText(words, 0).length).toBeLessThanOrEqual(8)
    expect(readText(words, 2)).toBe('')
  }
})

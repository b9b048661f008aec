import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hashOfId, isWholeId, packId, unpackId } from './packed-id.ts'

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'.split('')
const chars = fc.array(fc.constantFrom(...ALPHABET), { minLength: 16, maxLength: 16 })
const usual = fc
  .oneof(
    chars,
    fc.constantFrom('0', 'z').map((one) => one.repeat(16).split('')),
  )
  .map((sixteen) => `key_${sixteen.join('')}`)

function packed(id: string): Uint32Array {
  const words = new Uint32Array(3)
  packId(id, 'key_', words, 0)
  return words
}

describe('an id of the usual form', () => {
  test('comes back from its three words', () => {
    fc.assert(
      fc.property(usual, (id) => {
        const words = new Uint32Array(5).fill(7)
        expect(packId(id, 'key_', words, 1)).toBe(true)
        expect([words[0], words[4]]).toEqual([7, 7])
        expect(isWholeId(words, 1)).toBe(true)
        expect(unpackId(words, 1, 'key_')).toBe(id)
      }),
    )
  })

  test('has other words than every other one', () => {
    fc.assert(
      fc.property(usual, fc.integer({ min: 4, max: 19 }), fc.constantFrom(...ALPHABET), (id, at, other) => {
        const changed = id.slice(0, at) + other + id.slice(at + 1)
        expect(packed(changed).join() === packed(id).join()).toBe(changed === id)
      }),
    )
  })
})

describe('an id of another form', () => {
  test.each([
    ['too short', `key_${'a'.repeat(15)}`],
    ['too long', `key_${'a'.repeat(17)}`],
    ['with another prefix', `con_${'a'.repeat(16)}`],
    ['without a prefix', 'a'.repeat(20)],
    ['with a character that is not base62 in the first group', `key_-${'a'.repeat(15)}`],
    ['with one in the last group', `key_${'a'.repeat(14)}-a`],
    ['with one at the end', `key_${'a'.repeat(15)}-`],
    ['with one outside ASCII', `key_${'a'.repeat(15)}\u0161`],
    ['empty', ''],
  ])('is marked: %s', (_name, id) => {
    const words = new Uint32Array(3)
    expect(packId(id, 'key_', words, 0)).toBe(false)
    expect(isWholeId(words, 0)).toBe(false)
  })
})

test('consecutive ids are spread over all pages and slots of an index', () => {
  const [pages, slots] = [new Uint32Array(64), new Uint32Array(64)]
  for (let number = 0; number < 6_400; number += 1) {
    const [a = 0, b = 0, c = 0] = packed(`key_${String(number).padStart(16, '0')}`)
    const hash = hashOfId(a, b, c)
    pages[hash >>> 26] = (pages[hash >>> 26] ?? 0) + 1
    slots[(hash & 0xffff) >>> 10] = (slots[(hash & 0xffff) >>> 10] ?? 0) + 1
  }
  for (const counts of [pages, slots]) {
    expect(Math.min(...counts)).toBeGreaterThan(60)
    expect(Math.max(...counts)).toBeLessThan(140)
  }
})

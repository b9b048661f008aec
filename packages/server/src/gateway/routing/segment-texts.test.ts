import { expect, test } from 'vitest'
import { matchesTexts, valuesBetween } from './segment-texts.ts'

// A fixed sequence of pseudorandom numbers.
let seed = 11
function random(below: number): number {
  seed = (seed * 48_271) % 2_147_483_647
  return seed % below
}

const pick = <T>(values: readonly [T, ...T[]]): T => values[random(values.length)] ?? values[0]
const someText = (characters: readonly [string, ...string[]], length: number): string =>
  Array.from({ length }, () => pick(characters)).join('')

test('A segment matches as a regular expression says, and the values of an encoded one lie between the texts', () => {
  let matching = 0
  for (let round = 0; round < 20_000; round += 1) {
    const count = random(3) + 2
    const texts = Array.from({ length: count }, (_, index) =>
      someText(['a', '2', '(', '.'], index > 0 && index < count - 1 ? random(2) + 1 : random(3)),
    )
    const encoded = someText(['a', 'a', '2', '8', '.', '(', '%28', '%25', '%3A', '%C3%A9'], random(9))
    const segment = decodeURI(encoded.replaceAll('%25', '%2525'))
    const model = new RegExp(`^${texts.map((text) => RegExp.escape(text)).join('(?:%..|[^%])+')}$`)
    expect([texts, segment, matchesTexts(texts, segment)]).toEqual([texts, segment, model.test(segment)])
    const [, ...values] = valuesBetween(texts).exec(encoded) ?? []
    if (!model.test(segment)) continue
    matching += 1
    expect([texts, encoded, values.length]).toEqual([texts, encoded, count - 1])
    const decoded = values.map((value) => decodeURI(value.replaceAll('%25', '%2525')))
    const restored = texts.map((text, index) => text + (decoded[index] ?? '')).join('')
    expect(restored).toBe(segment)
  }
  expect(matching).toBeGreaterThan(500)
})

test('Many repetitions do not make it slow', () => {
  const segment = 'a'.repeat(8000)
  // Backtracking over four parameters would take years.
  expect(matchesTexts(['', 'ab', 'ab', 'ab', ''], segment)).toBe(false)
  expect(matchesTexts(['', 'a', 'a', 'a', 'b'], segment)).toBe(false)
  expect(valuesBetween(['', 'a', 'a', 'a', '']).exec(segment)?.slice(1, 4)).toEqual(['a', 'a', 'a'])
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { exactJson } from './exact-json.ts'

const { isCanonical, isHeld, compare, parse } = exactJson

describe('isHeld', () => {
  test.each([
    ['9007199254740992', '9007199254740993'],
    ['-9007199254740992', '-9007199254740993'],
    ['9007199254740992e1', '9007199254740993'],
    ['1152921504606847000', '1152921504606846976'],
    ['1e23', '100000000000000000000001'],
    [`1${'0'.repeat(308)}`, `1${'0'.repeat(309)}`],
    ['1.7976931348623157e308', '1.8e308'],
    ['5e-324', '2e-324'],
    ['0.1', '0.1000000000000000055511151231257827'],
    ['0.30000000000000004', '0.300000000000000041'],
    ['0e999999999999999999999999', '1e999999999999999999999999'],
    ['-0.000e-5', '1e-400'],
    ['1.50', '1.5000000000000000000001'],
    ['123E-2', '1.23e-9999999999'],
    ['0.0000001', `0.${'0'.repeat(400)}1`],
    [`10.${'0'.repeat(5000)}`, `10.${'0'.repeat(5000)}1`],
    [`${'1'.padEnd(5001, '0')}e-5000`, `${'1'.padEnd(5001, '0')}e-4000`],
  ])('accepts %.40s and rejects %.40s', (held, other) => {
    expect([isHeld(held), isHeld(other)]).toEqual([true, false])
  })

  test('accepts every number that JavaScript writes, in any form', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.nat(20), (number, digits) => {
        expect(isHeld(String(number))).toBe(true)
        expect(isHeld(number.toExponential())).toBe(true)
        const rounded = number.toExponential(digits)
        expect(isHeld(rounded)).toBe(compare(rounded, String(Number(rounded))) === 0)
      }),
    )
  })
})

test.each([
  ['1', '1.0'],
  ['0', '-0'],
  ['1e+21', '1e21'],
  ['1e-7', '1E-7'],
  ['1000000', '1e6'],
  ['0.000001', '0.0000001'],
  ['9007199254740992', '9007199254740993'],
  ['-0.5', '-0.50'],
  ['0.1234567890123', '0.12345678901234567'],
])('isCanonical accepts %s and rejects %s', (canonical, other) => {
  expect([isCanonical(canonical), isCanonical(other)]).toEqual([true, false])
})

test('compare agrees with BigInt for whole numbers, in any form', () => {
  const whole = fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n })
  fc.assert(
    fc.property(whole, whole, fc.nat(50), fc.nat(50), (a, b, zeros, places) => {
      const sign = a > b ? 1 : a < b ? -1 : 0
      expect(Math.sign(compare(String(a), String(b)))).toBe(sign)
      const left = `${a}.${'0'.repeat(zeros + 1)}e${places}`
      const right = `${b}${'0'.repeat(places)}.0E+0`
      expect(Math.sign(compare(left, right))).toBe(sign)
      expect(compare(left, left)).toBe(0)
    }),
  )
})

describe('parse', () => {
  test('gives what JSON.parse gives, and passes each number in another form to the function', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.nat(3), fc.boolean(), (value, spaces, isMarked) => {
        const text = JSON.stringify([value, isMarked], null, spaces)
        expect(parse(text, Number)).toEqual(JSON.parse(text))
        const marked = JSON.stringify({ value, n: null }, null, spaces).replace(/null(?=\s*\}$)/, '1.0')
        expect(parse(marked, (number) => ({ number }))).toEqual({
          value: parse(JSON.stringify(value), (number) => ({ number })),
          n: { number: '1.0' },
        })
      }),
    )
  })

  test('writes back exactly the numbers that it has read', () => {
    const number = fc
      .tuple(
        fc.constantFrom('', '-'),
        fc.bigInt({ min: 0n, max: 10n ** 30n }),
        fc.stringMatching(/^(\.\d{1,25})?([eE][-+]?\d{1,12})?$/),
      )
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(number), fc.string(), (numbers, string) => {
        const text = `{"numbers":[${numbers.join(',')}],${JSON.stringify(`n${string}`)}:-0}`
        const read = parse(text, (raw) => JSON.rawJSON(raw))
        expect(JSON.stringify(read)).toBe(text)
      }),
    )
  })

  test('defines a member __proto__', () => {
    const read = parse('{"__proto__":{"admin":true},"n":1.0}', Number)
    expect(Object.keys(read as object)).toEqual(['__proto__', 'n'])
    expect((read as { admin?: unknown }).admin).toBeUndefined()
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype)
  })

  test.each(['', '{"n":1.0', '[01.0]', '[1.]', '[1e]', '[-]', '[1.0,]', '1.0 2.0', '[.50]', '[+1.0]', 'NaN'])(
    'refuses %j, which is not JSON',
    (text) => {
      expect(() => parse(text, Number)).toThrow(SyntaxError)
    },
  )

  // In quadratic time, each text would take minutes.
  test('takes linear time for any text', () => {
    const length = 400_000
    const texts = [
      `[${'9'.repeat(length)}]`,
      `[0.${'0'.repeat(length)}1]`,
      `[1.0,"${'\\"'.repeat(length)}"]`,
      `[1.0${',"\\\\"'.repeat(length / 10)}]`,
      `[1.0,${'['.repeat(length)}${']'.repeat(length)}]`,
      `"${', 1.'.repeat(length)}"`,
      `[1${' '.repeat(length)}]`,
      `[1e${'9'.repeat(length)}]`,
    ]
    for (const text of texts) expect(parse(text, (number) => isHeld(number))).toBeDefined()
  })
})

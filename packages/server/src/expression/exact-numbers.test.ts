import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { makeExactJson } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { EvaluationResult } from './evaluation.ts'
import { exactLibrary } from './exact-library.ts'
import { Sandbox } from './sandbox.ts'

const LIBRARY = readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8')
const LIMITS = { evaluationMs: 10_000, resultCharsMax: 100_000 }
const sandbox = new Sandbox({ library: LIBRARY, exactJson: makeExactJson.toString() }, LIMITS)

const evaluate = (expression: string, message: string): EvaluationResult =>
  sandbox.evaluate({ expressions: [expression], message })

/** The JSON text of an expression's value, over a message with a number `n`. */
const textOf = (expression: string, n: string): unknown => {
  const result = evaluate(expression, `{"n":${n},"body":{"n":${n},"list":[${n}]}}`)
  return result.kind === 'values' ? result.values[0] : [result.reason, result.detail]
}

/** Numbers that JavaScript would write differently. */
const HELD = ['1.0', '-0', '-0.0', '0.0', '1E5', '1e+2', '1.50', '-12.340', '0.0000001', '1e-7']
const BEYOND = [
  '9007199254740993',
  '-9007199254740993',
  '1234567890123456789',
  '0.1000000000000000055511151231257827',
  '1e400',
  '-1e400',
  '1e-400',
  '1e999999999',
  '1e99999999999999999999999999',
  '3.14159265358979323846',
  `1${'0'.repeat(400)}`,
  '9'.repeat(5000),
]
/** Numbers that JavaScript writes as they are. */
const CANONICAL = [
  '0',
  '1',
  '-1.5',
  '9007199254740991',
  '9007199254740992',
  '0.1',
  '1e+21',
  '0.30000000000000004',
]

const ALL = [...HELD, ...BEYOND, ...CANONICAL]

describe.each(ALL.map((n) => [n.slice(0, 40), n] as const))('the number %s', (_shown, n) => {
  test.each<[string, string]>([
    ['n', n],
    ['body', `{"n":${n},"list":[${n}]}`],
    ['[n, [n]]', `[${n},[${n}]]`],
    ['{"a": {"b": n}, "c": body.list}', `{"a":{"b":${n}},"c":[${n}]}`],
    ['$merge([body, {"n": 7}])', `{"n":7,"list":[${n}]}`],
    ['body ~> |$|{"seen": n}|', `{"n":${n},"list":[${n}],"seen":${n}}`],
    ['$map([1, 2], function($i) { n })', `[${n},${n}]`],
    ['$append(body.list, n)[1]', n],
    ['$lookup(body, "n")', n],
    ['$reduce([1, n], function($a, $b) { $b })', n],
    ['true ? n : 0', n],
    ['body.*[0]', n],
    ['body.**[$type($) = "number"][0]', n],
    ['$each(body, function($v) { $v })[0]', n],
    ['$sift(body, function($v, $k) { $k = "n" })', `{"n":${n}}`],
    ['$spread({"a": n})', `{"a":${n}}`],
    ['$spread(n)', n],
    ['$number(n)', n],
    ['"id-" & n & "!"', `"id-${n}!"`],
    ['$string(n)', `"${n}"`],
    ['$string({"a": [n]})', JSON.stringify(`{"a":[${n}]}`)],
    ['$join([$string(n), $string(n)], "-")', `"${n}-${n}"`],
    ['$type(n)', '"number"'],
    ['$eval("n")', n],
    ['$keys(n)', 'undefined'],
    ['n.text', 'undefined'],
    ['$lookup(n, "constructor")', 'undefined'],
    ['$exists(n)', 'true'],
    ['n = body.n and n in body.list and $not(n != body.n)', 'true'],
    ['$distinct([n, body.n, n])', `[${n}]`],
    ['n = {} or {} = n or n = "1" or n = [n] or n in [{}, "1"]', 'false'],
    ['$count(body.list)', '1'],
  ])('%s', (expression, text) => {
    expect(String(textOf(expression, n))).toBe(text)
  })
})

describe('a number that JavaScript holds is computed with as its value:', () => {
  test.each<[string, string, string]>([
    ['n + 1', '1.0', '2'],
    ['n - 1', '1E5', '99999'],
    ['n * 2', '1.50', '3'],
    ['n / 2', '1E1', '5'],
    ['n % 2', '3.0', '1'],
    ['-n', '2.50', '-2.5'],
    ['[1..n]', '2.0', '[1,2]'],
    ['["a", "b", "c"][$$.n]', '2.0', '"c"'],
    ['$sum([n, n])', '1.50', '3'],
    ['$max([n, 1])', '1.50', '1.5'],
    ['$min([n, 3])', '1.50', '1.5'],
    ['$average([n, 1])', '2.0', '1.5'],
    ['$round(n, 1)', '2.250', '2.2'],
    ['$floor(n)', '2.50', '2'],
    ['$ceil(n)', '2.50', '3'],
    ['$abs(n)', '-2.50', '2.5'],
    ['$sqrt(n)', '4.0', '2'],
    ['$power(n, 2)', '3.0', '9'],
    ['$power(2, ?)(n)', '3.0', '8'],
    ['$map([n], $floor)', '2.50', '2'],
    ['$formatNumber(n, "#,##0.00")', '1E3', '"1,000.00"'],
    ['$formatBase(n, 2)', '5.0', '"101"'],
    ['$formatInteger(n, "w")', '5.0', '"five"'],
    ['$fromMillis(n)', '0.0', '"1970-01-01T00:00:00.000Z"'],
    ['$substring("abcdef", n, n)', '2.0', '"cd"'],
    ['$pad("a", n)', '3.0', '"a  "'],
    ['$split("a-b-c", "-", n)', '2.0', '["a","b"]'],
    ['n = 1', '1.0', 'true'],
    ['n > 1.4 and n < 1.6 and n >= 1.5 and n <= 1.5', '1.50', 'true'],
    ['n = 0 and $not(n)', '-0.0', 'true'],
    ['$sort([3, n, 1])', '2.0', '[1,2.0,3]'],
    ['$sort([3, n, 1], function($a, $b) { $a > $b })', '2.0', '[1,2.0,3]'],
    ['[{"a": 3}, {"a": n}, {"a": 1}]^(a).a', '2.0', '[1,2.0,3]'],
    ['[{"a": 3}, {"a": n}, {"a": 1}]^(>a).a', '2.0', '[3,2.0,1]'],
  ])('%s with %s', (expression, n, text) => {
    expect(textOf(expression, n)).toBe(text)
  })
})

describe('a number that JavaScript cannot hold', () => {
  test.each([
    'n + 1',
    '1 + n',
    'n - 1',
    'n * 1',
    'n / 1',
    '1 % n',
    '-n',
    '[1..n]',
    '[7, 8][$$.n]',
    '$sum([n, 1])',
    '$max([n, 1])',
    '$min([1, n])',
    '$average([n])',
    '$round(n)',
    '$round(n, 2)',
    '$floor(n)',
    '$ceil(n)',
    '$abs(n)',
    '$sqrt(n)',
    '$power(n, 2)',
    '$power(2, n)',
    '$power(?, 2)(n)',
    '$map([n], $floor)',
    '[n].$floor($)',
    'n.$floor()',
    '$formatNumber(n, "0")',
    '$formatBase(n)',
    '$formatInteger(n, "0")',
    '$fromMillis(n)',
    '$substring("abc", n)',
    '$pad("a", n)',
    '$split("a-b", "-", n)',
    '$eval("n + 1")',
    '$map([n], function($v) { $v + 1 })',
    '($f := function($v) { $v * 2 }; $f(n))',
    'n ~> $floor()',
    'body ~> |$|{"n": n + 1}|',
  ])('fails in %s', (expression) => {
    for (const n of BEYOND) {
      expect([n, textOf(expression, n)]).toEqual([n, ['number', 'A number would change.']])
    }
  })

  test.each<[string, string, string]>([
    ['n = 9007199254740992', '9007199254740993', 'false'],
    ['n > 9007199254740992', '9007199254740993', 'true'],
    ['9007199254740994 > n', '9007199254740993', 'true'],
    ['n > 0', '-1e400', 'false'],
    ['n > 0 and 1 > n', '1e-400', 'true'],
    ['n = 0', '1e-400', 'false'],
    ['n ? 1 : 2', '1e-400', '1'],
    ['n = 0.1', '0.1000000000000000055511151231257827', 'false'],
    ['n > 0.1', '0.1000000000000000055511151231257827', 'true'],
    ['$sort([n, 1])', '1e400', '[1,1e400]'],
    ['[{"a": n}, {"a": 1}]^(a).a', '1e400', '[1,1e400]'],
    ['$number("9007199254740993")', '0', '9007199254740993'],
    ['$number("1.50")', '0', '1.5'],
    ['$number("-1e3")', '0', '-1000'],
    ['$number("007")', '0', '7'],
    ['$number("0x20000000000000")', '0', '9007199254740992'],
  ])('%s, with %s', (expression, n, text) => {
    expect(textOf(expression, n)).toBe(text)
  })

  test('is equal to the same number in another form, and less than a greater one', () => {
    const message = (left: string, right: string): string => `{"a":${left},"b":${right}}`
    const equal = [
      ['1e400', '10e399'],
      ['1e400', `1${'0'.repeat(400)}`],
      ['9007199254740993', '9007199254740993.0'],
      ['-1e-400', '-0.1e-399'],
      ['1e99999999999999999999', '10e99999999999999999998'],
    ] as const
    for (const [left, right] of equal) {
      for (const expression of ['a = b and b = a', 'a in [b]', 'a <= b and a >= b', '[a] = [b]']) {
        expect(evaluate(expression, message(left, right))).toEqual({ kind: 'values', values: ['true'] })
      }
    }
    const ordered = [
      ['9007199254740993', '9007199254740994'],
      ['-1e400', '1e-400'],
      ['1e400', '1e401'],
      ['-1e401', '-1e400'],
      ['0', '1e-400'],
      ['-1e-400', '-0.0'],
      ['1e99999999999999999998', '1e99999999999999999999'],
      ['1e400', '1.5e400'],
    ] as const
    for (const [left, right] of ordered) {
      for (const expression of [
        'a < b and b > a',
        'a != b',
        '$not(a >= b)',
        '$not(a in b)',
        '{"a": a} != {"a": b}',
      ]) {
        expect(evaluate(expression, message(left, right))).toEqual({ kind: 'values', values: ['true'] })
      }
    }
  })
})

describe('a number that is written or read by a function keeps all its digits:', () => {
  test.each<[string, string]>([
    ['$parseInteger("9007199254740993", "0")', '9007199254740993'],
    ['$parseInteger("-9007199254740993", "0")', '-9007199254740993'],
    ['$parseInteger("9,007,199,254,740,993", "#,##0")', '9007199254740993'],
    ['$parseInteger("00123456789012345678901234567890", "0")', '123456789012345678901234567890'],
    ['$parseInteger("9007199254740992", "0") + 0', '9007199254740992'],
    ['$parseInteger("1,234", "#,##0") + 1', '1235'],
    ['$formatNumber(9007199254740991, "0%")', '"900719925474099100%"'],
    ['$formatNumber(9007199254740991, "0‰")', '"9007199254740991000‰"'],
    ['$formatNumber(1.1, "0.0##############%")', '"110.0%"'],
    ['$formatNumber(-1e-9, "0.0000000000%")', '"-0.0000001000%"'],
    ['$formatNumber(123456789012345680000, "0")', '"123456789012345680000"'],
    ['$formatNumber(1.2e25, "#,##0")', '"12,000,000,000,000,000,000,000,000"'],
    ['$formatNumber(0.1, "0.00000000000000000000")', '"0.10000000000000000000"'],
    ['$formatNumber(1e-7, "0.00000000")', '"0.00000010"'],
    ['$formatNumber(0, "0.00")', '"0.00"'],
    ['$formatNumber(1234.5678, "#,##0.00")', '"1,234.57"'],
    ['$formatInteger(1e21, "0")', '"1000000000000000000000"'],
    ['$formatInteger(-1234567, "#,##0")', '"-1,234,567"'],
    ['$formatBase(123456789012345680000, 16)', '"6b14e9f812f367080"'],
    ['$formatBase(-1e21)', '"-1000000000000000000000"'],
    ['$formatBase(-255, 16)', '"-ff"'],
    ['$string(0.1 + 0.2)', '"0.30000000000000004"'],
    ['"" & (12345678901234.56 + 0)', '"12345678901234.56"'],
    ['$string({"a": [1.5, 0.1 + 0.2]})', '"{\\"a\\":[1.5,0.30000000000000004]}"'],
    ['$power(2, 53)', '9007199254740992'],
    ['$power(10, 22)', '1e+22'],
    ['$power(2, -1)', '0.5'],
    ['$power(1.5, 100)', '406561177535215200'],
    ['$count([9007199254740989..9007199254740991])', '3'],
  ])('%s', (expression, text) => {
    expect(textOf(expression, '0')).toBe(text)
  })
})

describe('a result that would change a number fails:', () => {
  test.each([
    '$power(n, 2)',
    '$power(3, 40)',
    '$power(-3, 41)',
    '$parseInteger("9007199254740993", "0") + 1',
    '$parseInteger("zzzzzzzzzzzzzzzz", "a")',
    '$parseInteger("ten thousand trillion", "w")',
    '$formatInteger(1e23, "w")',
    '$formatNumber(1e308, "0%")',
    '$fromMillis(1e20)',
    '$toMillis("9007199254740993", "[Y]")',
    '[9007199254740991..9007199254740992]',
    '[9007199254740992..9007199254740992]',
    'n + 2',
    '-n - 2',
    'n * 3',
    'n * n',
    '$sum([n, 2])',
    '1 / 0',
    '0 / 0',
    '[1e308 * 10]',
    '{"a": 1 / 0}',
    '$number("0x20000000000001")',
    '$number("0009007199254740993")',
  ])('%s', (expression) => {
    expect(textOf(expression, '9007199254740991')).toEqual(['number', 'A number would change.'])
  })

  test.each<[string, string]>([
    ['n + 1', '9007199254740992'],
    ['n - 1', '9007199254740990'],
    ['n * 2', '18014398509481982'],
    ['n / 2', '4503599627370495.5'],
    ['1e300 * 3', '3e+300'],
    ['0.1 + 0.2', '0.30000000000000004'],
    ['6.02214076e23 * 3', '1.806642228e+24'],
  ])('%s does not', (expression, text) => {
    expect(textOf(expression, '9007199254740991')).toBe(text)
  })

  test.each(['9007199254740993', '1e400', '0.1000000000000000055511151231257827'])(
    'and so does an expression with the number %s in $eval',
    (n) => {
      expect(textOf(`$eval("${n}")`, '0')).toEqual(['error', 'JSONata D3120 at position 6'])
    },
  )
})

describe('other values beside such a number are what JSON.parse makes of them:', () => {
  test.each([
    '{"a":"\\"1.0\\"","b":"1.0, 2.0","\\u0061b":["\\\\",""],"n":NUMBER}',
    '{"__proto__":{"n":NUMBER},"constructor":NUMBER,"":[[],{},[{}]],"t":[true,false,null]}',
    '[NUMBER,[NUMBER,{"a":NUMBER}],"x",-1.5,0]',
    '{"\\ud83d\\udd11":"\\u2028\\ud800","n":NUMBER}',
  ])('%s', (pattern) => {
    const text = pattern.replaceAll('NUMBER', '1.0')
    const spaced = text.replaceAll(/([,:[\]{}])(?=[^ 2])/g, '$1 \n')
    const plain = JSON.stringify(JSON.parse(pattern.replaceAll('NUMBER', '"NUMBER"'))).replaceAll(
      '"NUMBER"',
      '1.0',
    )
    for (const message of [text, spaced]) {
      expect(evaluate('$', message)).toEqual({ kind: 'values', values: [plain] })
    }
  })

  test('of the members of one name the last one, and without members that are inherited', () => {
    expect(evaluate('a', '{"a":1.0,"a":2.0}')).toEqual({ kind: 'values', values: ['2.0'] })
    const text = '{"__proto__":{"admin":true},"n":1.0}'
    expect(evaluate('admin', text)).toEqual({ kind: 'values', values: [undefined] })
    expect(evaluate('$keys($)', text)).toEqual({ kind: 'values', values: ['["__proto__","n"]'] })
  })

  test('however deep they are nested', () => {
    const depth = 100_000
    const deep = `${'['.repeat(depth)}1.0${']'.repeat(depth)}`
    expect(evaluate('n', `{"deep":${deep},"n":1.50}`)).toEqual({ kind: 'values', values: ['1.50'] })
  })

  test.each(['{"n":1.0', '{"n":01.0}', '{"n":1.}', '{"n":1e}', '{"n":-}', '{"n":1.0}}', '1.0 2.0'])(
    'and %s is not JSON',
    (text) => {
      expect(evaluate('1', text)).toMatchObject({ kind: 'failed', reason: 'error' })
    },
  )

  test('and results count with all their digits', () => {
    const n = '9'.repeat(60_000)
    expect(evaluate('n', `{"n":${n}}`)).toEqual({ kind: 'values', values: [n] })
    expect(evaluate('[n, n]', `{"n":${n}}`)).toMatchObject({ kind: 'failed', reason: 'too_large' })
  })
})

test('does not run with another version of JSONata', () => {
  expect(() => exactLibrary(LIBRARY.replaceAll('result = lhs + rhs;', 'result = rhs + lhs;'))).toThrow(
    "JSONata's script has 0 times:",
  )
  expect(() => exactLibrary(LIBRARY + LIBRARY)).toThrow("JSONata's script has 2 times:")
})

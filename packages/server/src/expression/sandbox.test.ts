import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { makeExactJson } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { EvaluationResult } from './evaluation.ts'
import { Sandbox } from './sandbox.ts'

const SOURCES = {
  library: readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8'),
  exactJson: makeExactJson.toString(),
}
const LIMITS = { evaluationMs: 10_000, resultCharsMax: 10_000 }
const sandbox = new Sandbox(SOURCES, LIMITS)

const MESSAGE = { body: { id: 7, items: [{ price: 2 }, { price: 3 }] }, path: '/orders' }

function evaluate(expressions: string | string[], message: unknown = MESSAGE): EvaluationResult {
  return sandbox.evaluate({ expressions: [expressions].flat(), message: JSON.stringify(message) })
}

/** The parsed value of one expression. */
function valueOf(expression: string, message?: unknown): unknown {
  const result = evaluate(expression, message)
  if (result.kind === 'failed') return result
  const [text] = result.values
  return text === undefined ? undefined : (JSON.parse(text) as unknown)
}

/** Removes the marker of a function, so that its members become accessible. */
const UNMARKED_FUNCTION =
  '$clone := function($x){$x}; $f := function($x){$x}; $o := $ ~> |$f|{},["_jsonata_lambda"]|; '

test.each([
  '$sum',
  'function($x){$x}',
  '/x/',
  '$substring(?, 1)',
  '$uppercase ~> $trim',
  '{"a": $sum, "b": 1}',
  '{"a": {"b": [1, /x/]}}',
  '[1, [$sum]]',
  '[function($x){$x}]',
  '$eval("$sum")',
])('a result fails that is a function or contains one: %s', (expression) => {
  expect(valueOf(expression)).toEqual({
    kind: 'failed',
    reason: 'value',
    index: 0,
    detail: 'The result is a function, or contains one.',
  })
})

test.each([
  '1 / 0',
  '-1 / 0',
  '0 / 0',
  '0 % 0',
  '1e308 * 10',
  '1e308 + 1e308',
  '-1e308 - 1e308',
  '$sum([1e308, 1e308])',
  '{"a": {"b": [1, 0 / 0]}}',
  '[1, [1 / 0]]',
  '1 / 0 > 5',
  '(1 / 0 = 1 / 0) ? "same" : "other"',
  '0 / 0 in [1]',
  '$string({"a": 1 / 0})',
  '$map([1], function($x) { $x / 0 })',
  '$parseInteger("abc", "0")',
  '$parseInteger("abc", "0") > 3',
  '$eval("1 / 0")',
])('a number that JSON does not have fails: %s', (expression) => {
  expect(valueOf(expression)).toMatchObject({ kind: 'failed', reason: 'number', index: 0 })
})

test.each(['$power(10, 400)', '$sqrt(-1)', '$number("abc")', '$string(1 / 0)'])(
  'a function without a result fails: %s',
  (expression) => {
    expect(valueOf(expression)).toMatchObject({ kind: 'failed', index: 0 })
  },
)

describe('an expression returns', () => {
  test.each<[string, string, unknown]>([
    ['a value', 'body.id + 1', 8],
    ['a list', 'body.items.price', [2, 3]],
    ['a sum', '$sum(body.items.price)', 5],
    ['an object', '{"path": path, "seen": true}', { path: '/orders', seen: true }],
    ['a string', '$uppercase(path)', '/ORDERS'],
    ['null', 'null', null],
    ['nothing for a missing member', 'body.nothing', undefined],
    ['base64', '$base64encode("user:\u00e9") & $base64encode("ab") & $base64encode("")', 'dXNlcjrpYWI='],
    [
      'decoded base64',
      '$base64decode("dXNlcjrp") & $base64decode("YWI=") & $base64decode("_-8")',
      'user:\u00e9abÿï',
    ],
    ['the result of $eval', '$eval("1 + 1")', 2],
  ])('%s', (_name, expression, value) => {
    expect(valueOf(expression)).toEqual(value)
  })

  test('the same base64 as Node.js, for every byte and remainder', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    for (const length of [0, 1, 2, 3, 4, 255, 256]) {
      const text = bytes.subarray(0, length).toString('latin1')
      const encoded = bytes.subarray(0, length).toString('base64')
      expect(valueOf('$base64encode($.text)', { text })).toBe(encoded)
      expect(valueOf('$base64decode($.encoded)', { encoded })).toBe(text)
    }
  })

  test('a value for each expression, without modifying the message for the next one', () => {
    const change = '($clone := function($x){$x}; $ ~> |body|{"id": 8}|; body.id)'
    expect(evaluate([change, 'body.id'])).toEqual({ kind: 'values', values: ['8', '7'] })
    expect(evaluate([`$eval(${JSON.stringify(change)})`, 'body.id'])).toEqual({
      kind: 'values',
      values: ['8', '7'],
    })
  })

  test('the same value after it was evicted from the cache of compiled expressions', () => {
    for (let index = 0; index < 60; index += 1)
      expect(valueOf(`body.id + ${index} ${' '.repeat(8000)}`)).toBe(7 + index)
    expect(valueOf(`body.id + 0 ${' '.repeat(8000)}`)).toBe(7)
  })
})

describe('an expression fails', () => {
  test.each<[string, string | string[], object]>([
    [
      'on a wrong type, with its position',
      'body.id + path',
      { reason: 'error', index: 0, detail: 'JSONata T2002 at position 9' },
    ],
    [
      'deliberately',
      ['1', '$error("SECRET" & path)'],
      { reason: 'error', index: 1, detail: 'JSONata D3137 at position 7' },
    ],
    ['on a syntax error', ['1', '2', '((('], { reason: 'error', index: 2 }],
    [
      'on a syntax error inside $eval',
      '$eval("(" & path)',
      { reason: 'error', detail: 'JSONata D3120 at position 6' },
    ],
    ['on base64 of a character above U+00FF', '$base64encode("\u20ac")', { reason: 'error' }],
    ['on a string longer than the engine allows', '$pad("x", 1000000000)', { reason: 'memory' }],
    ['on a long result', '$pad("x", 20000)', { reason: 'too_large' }],
    ['on a list with many elements', '[1..9000]', { reason: 'too_large' }],
    [
      'on results that are too long in total',
      ['$pad("x", 6000)', '$pad("x", 6000)'],
      { reason: 'too_large', index: 1 },
    ],
    [
      'on a result that repeats one long string',
      '($x := $pad("x", 5000); [$x, $x, $x])',
      { reason: 'too_large' },
    ],
    [
      'on a result that grows when serialized',
      '($f := function($v, $n){$n = 0 ? $v : $f([[$v], [$v]], $n - 1)}; $f(1, 18))',
      { reason: 'too_large' },
    ],
  ])('%s', (_name, expressions, wanted) => {
    expect(evaluate(expressions)).toMatchObject({ kind: 'failed', ...wanted })
  })

  test('without quoting the message', () => {
    const expressions = [
      '$number(s)',
      's + 1',
      '$error(s)',
      '$eval(s)',
      '$match("a", s)',
      '$toMillis(s)',
      '$assert(false, s)',
      '$fromMillis(0, s)',
      '$sum(s)',
    ]
    for (const expression of expressions) {
      const result = evaluate(expression, { s: 'SECRET [' })
      expect(result).toMatchObject({ kind: 'failed', reason: 'error' })
      expect(JSON.stringify(result)).not.toContain('SECRET')
    }
    const notJson = sandbox.evaluate({ expressions: ['1'], message: 'SECRET' })
    expect(notJson).toEqual({
      kind: 'failed',
      reason: 'error',
      index: 0,
      detail: 'A string could not be parsed.',
    })
  })

  test('on a timeout in recursion, matching or reduction, and the next evaluation succeeds', () => {
    const impatient = new Sandbox(SOURCES, { ...LIMITS, evaluationMs: 500 })
    for (const loop of [
      '($f := function($n){$f($n + 1)}; $f(0))',
      '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)',
      '$reduce([1..100000], function($a, $b){$append($a, [$b])}, [])',
      '$eval("($f := function($n){$f($n + 1)}; $f(0))")',
    ]) {
      const result = impatient.evaluate({ expressions: ['1', loop], message: '{}' })
      expect(result).toMatchObject({ kind: 'failed', reason: 'timeout', index: 1 })
    }
    expect(impatient.evaluate({ expressions: ['1'], message: '{}' })).toEqual({
      kind: 'values',
      values: ['1'],
    })
  })
})

describe('an expression cannot access', () => {
  test.each([
    '$.constructor',
    'constructor',
    'body.constructor.constructor',
    '$lookup($, "constructor")',
    '$lookup($, "__proto__")',
    'body.__proto__',
    '`__proto__`.toString',
    'body.items.constructor',
    'path.constructor',
    '$string.constructor',
    '$string.implementation',
    '$lookup($string, "implementation")',
    '(function($x){$x}).environment',
    '/x/.constructor',
    '/x/("x").next.constructor',
    '$constructor',
    '$__proto__',
    '$process',
    '$globalThis',
  ])('%s', (expression) => {
    expect(valueOf(expression)).toBeUndefined()
  })

  test.each([
    '$eval("process.env")',
    'process.env',
    'require("fs")',
    '$require("fs")',
    '$globalThis.process',
    'globalThis',
    '$map(["constructor"], function($k){$lookup(body, $k)})',
    `(${UNMARKED_FUNCTION} $f.environment.base.RegexEngine.constructor)`,
    `(${UNMARKED_FUNCTION} $f.environment.bind.constructor("return process")())`,
    `(${UNMARKED_FUNCTION} $e := $f.environment; $l := $e.lookup; $s := $l("sum"); $s.implementation)`,
    `(${UNMARKED_FUNCTION} $apply := $f.apply; $apply.constructor("return 1"))`,
  ])('the process through %s', (expression) => {
    const value = valueOf(expression)
    if (value !== undefined) expect(value).toMatchObject({ kind: 'failed', reason: 'error' })
  })

  test('the functions of the next evaluation', () => {
    for (const expression of [
      '$ ~> |$sum|{"implementation": $max}|',
      '$ ~> |$sum|{"_jsonata_lambda": true}|',
      '$ ~> |$sum|$$.flags|',
      '$ ~> |$sum|{"signature": null}|',
      '$ ~> |$sum|{}, ["_jsonata_function"]|',
      '$ ~> |$sum|{}, ["implementation", "token", "position"]|',
      '$ ~> |$eval|{"implementation": /x/}|',
      '($sum := $max; $clone := $max; $sum([1, 2]))',
      `(${UNMARKED_FUNCTION} $b := $f.environment.base.bind; $b("sum", 1); $sum)`,
    ]) {
      evaluate(expression, { flags: { _jsonata_lambda: true, _jsonata_function: false } })
      expect(valueOf('[$sum([1, 2]), $eval("3")]')).toEqual([3, 3])
    }
  })
})

describe('a member named __proto__', () => {
  const message = JSON.parse('{"body": {"__proto__": {"admin": true}, "id": 1}}') as unknown

  test('is an ordinary name in messages and results', () => {
    expect(evaluate('body', message)).toEqual({
      kind: 'values',
      values: ['{"__proto__":{"admin":true},"id":1}'],
    })
    expect(evaluate('{"__proto__": {"a": 1}}')).toEqual({ kind: 'values', values: ['{"__proto__":{"a":1}}'] })
    expect(evaluate('$keys($merge([body, {"b": 1}]))', message)).toEqual({
      kind: 'values',
      values: ['["__proto__","id","b"]'],
    })
  })

  test('does not add inherited members', () => {
    expect(valueOf('body.admin', message)).toBeUndefined()
    expect(valueOf('$merge([body, {"b": 1}]).admin', message)).toBeUndefined()
    expect(valueOf('($ ~> |body|{"__proto__": {"admin": true}}|).body.admin')).toBeUndefined()
    expect(valueOf('{"a": 1}.admin')).toBeUndefined()
  })
})

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import type { Evaluated } from './evaluated.ts'
import { Sandbox } from './sandbox.ts'

const LIBRARY = readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8')
const LIMITS = { evaluationMs: 10_000, resultCharsMax: 10_000 }
const sandbox = new Sandbox(LIBRARY, LIMITS)

const MESSAGE = { body: { id: 7, items: [{ price: 2 }, { price: 3 }] }, path: '/orders' }

function evaluate(expressions: string | string[], message: unknown = MESSAGE): Evaluated {
  return sandbox.evaluate({ expressions: [expressions].flat(), message: JSON.stringify(message) })
}

/** What one expression gives, parsed. */
function valueOf(expression: string, message?: unknown): unknown {
  const evaluated = evaluate(expression, message)
  if (evaluated.kind === 'failed') return evaluated
  const [text] = evaluated.values
  return text === undefined ? undefined : (JSON.parse(text) as unknown)
}

/** Makes a function an object like any other, by taking away what marks it. */
const OPENED = '$clone := function($x){$x}; $f := function($x){$x}; $o := $ ~> |$f|{},["_jsonata_lambda"]|; '

describe('an expression gives', () => {
  test.each<[string, string, unknown]>([
    ['a value', 'body.id + 1', 8],
    ['a list', 'body.items.price', [2, 3]],
    ['a sum', '$sum(body.items.price)', 5],
    ['an object', '{"path": path, "seen": true}', { path: '/orders', seen: true }],
    ['a text', '$uppercase(path)', '/ORDERS'],
    ['null', 'null', null],
    ['nothing', 'body.nothing', undefined],
    ['nothing, being a function', '$sum', undefined],
    ['nothing, being a function of its own', 'function($x){$x}', undefined],
    ['an object without its functions', '{"a": $sum, "b": 1, "c": /x/}', { b: 1 }],
    ['base64', '$base64encode("user:\u00e9") & $base64encode("ab") & $base64encode("")', 'dXNlcjrpYWI='],
    [
      'what was base64',
      '$base64decode("dXNlcjrp") & $base64decode("YWI=") & $base64decode("_-8")',
      'user:\u00e9abÿï',
    ],
    ['what the text of an expression gives', '$eval("1 + 1")', 2],
  ])('%s', (_name, expression, value) => {
    expect(valueOf(expression)).toEqual(value)
  })

  test('base64 as Node.js has it, for every length and byte', () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))
    for (const length of [0, 1, 2, 3, 4, 255, 256]) {
      const text = bytes.subarray(0, length).toString('latin1')
      const encoded = bytes.subarray(0, length).toString('base64')
      expect(valueOf('$base64encode($.text)', { text })).toBe(encoded)
      expect(valueOf('$base64decode($.encoded)', { encoded })).toBe(text)
    }
  })

  test('a value for each, over one message that none of them changes for the next', () => {
    const change = '($clone := function($x){$x}; $ ~> |body|{"id": 8}|; body.id)'
    expect(evaluate([change, 'body.id'])).toEqual({ kind: 'values', values: ['8', '7'] })
    expect(evaluate([`$eval(${JSON.stringify(change)})`, 'body.id'])).toEqual({
      kind: 'values',
      values: ['8', '7'],
    })
  })

  test('the same when its text has come out of the memory of compiled ones', () => {
    for (let index = 0; index < 60; index += 1)
      expect(valueOf(`body.id + ${index} ${' '.repeat(8000)}`)).toBe(7 + index)
    expect(valueOf(`body.id + 0 ${' '.repeat(8000)}`)).toBe(7)
  })
})

describe('an expression fails', () => {
  test.each<[string, string | string[], object]>([
    [
      'of a wrong type, which says where',
      'body.id + path',
      { reason: 'error', index: 0, detail: 'JSONata T2002 at position 9' },
    ],
    [
      'on purpose',
      ['1', '$error("SECRET" & path)'],
      { reason: 'error', index: 1, detail: 'JSONata D3137 at position 7' },
    ],
    ['by its text', ['1', '2', '((('], { reason: 'error', index: 2 }],
    [
      'by a text that it evaluates',
      '$eval("(" & path)',
      { reason: 'error', detail: 'JSONata D3120 at position 6' },
    ],
    ['by base64 of what is no byte', '$base64encode("\u20ac")', { reason: 'error' }],
    ['by a text that no engine takes', '$pad("x", 1000000000)', { reason: 'memory' }],
    ['by a long result', '$pad("x", 20000)', { reason: 'too_large' }],
    ['by a wide result', '[1..9000]', { reason: 'too_large' }],
    [
      'by results that are long together',
      ['$pad("x", 6000)', '$pad("x", 6000)'],
      { reason: 'too_large', index: 1 },
    ],
    [
      'by a result that holds one text often',
      '($x := $pad("x", 5000); [$x, $x, $x])',
      { reason: 'too_large' },
    ],
    [
      'by a result that grows by being written',
      '($f := function($v, $n){$n = 0 ? $v : $f([[$v], [$v]], $n - 1)}; $f(1, 18))',
      { reason: 'too_large' },
    ],
  ])('%s', (_name, expressions, wanted) => {
    expect(evaluate(expressions)).toMatchObject({ kind: 'failed', ...wanted })
  })

  test('with nothing of the message in what is told', () => {
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
      const evaluated = evaluate(expression, { s: 'SECRET [' })
      expect(evaluated).toMatchObject({ kind: 'failed', reason: 'error' })
      expect(JSON.stringify(evaluated)).not.toContain('SECRET')
    }
    const notJson = sandbox.evaluate({ expressions: ['1'], message: 'SECRET' })
    expect(notJson).toEqual({
      kind: 'failed',
      reason: 'error',
      index: 0,
      detail: 'A text could not be parsed.',
    })
  })

  test('by its time, whether it calls itself, matches or builds; and the next one is evaluated', () => {
    const impatient = new Sandbox(LIBRARY, { ...LIMITS, evaluationMs: 500 })
    for (const loop of [
      '($f := function($n){$f($n + 1)}; $f(0))',
      '$match("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!", /^(a+)+$/)',
      '$reduce([1..100000], function($a, $b){$append($a, [$b])}, [])',
      '$eval("($f := function($n){$f($n + 1)}; $f(0))")',
    ]) {
      const evaluated = impatient.evaluate({ expressions: ['1', loop], message: '{}' })
      expect(evaluated).toMatchObject({ kind: 'failed', reason: 'timeout', index: 1 })
    }
    expect(impatient.evaluate({ expressions: ['1'], message: '{}' })).toEqual({
      kind: 'values',
      values: ['1'],
    })
  })
})

describe('an expression does not reach', () => {
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
    `(${OPENED} $f.environment.base.RegexEngine.constructor)`,
    `(${OPENED} $f.environment.bind.constructor("return process")())`,
    `(${OPENED} $e := $f.environment; $l := $e.lookup; $s := $l("sum"); $s.implementation)`,
    `(${OPENED} $apply := $f.apply; $apply.constructor("return 1"))`,
  ])('the process by %s', (expression) => {
    const found = valueOf(expression)
    if (found !== undefined) expect(found).toMatchObject({ kind: 'failed', reason: 'error' })
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
      `(${OPENED} $b := $f.environment.base.bind; $b("sum", 1); $sum)`,
    ]) {
      evaluate(expression, { flags: { _jsonata_lambda: true, _jsonata_function: false } })
      expect(valueOf('[$sum([1, 2]), $eval("3")]')).toEqual([3, 3])
    }
  })
})

describe('a member named __proto__', () => {
  const message = JSON.parse('{"body": {"__proto__": {"admin": true}, "id": 1}}') as unknown

  test('is a name like any other, coming and going', () => {
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

  test('lends its own members to nobody', () => {
    expect(valueOf('body.admin', message)).toBeUndefined()
    expect(valueOf('$merge([body, {"b": 1}]).admin', message)).toBeUndefined()
    expect(valueOf('($ ~> |body|{"__proto__": {"admin": true}}|).body.admin')).toBeUndefined()
    expect(valueOf('{"a": 1}.admin')).toBeUndefined()
  })
})

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { makeExactJson } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { checkExpression } from './check-expression.ts'
import { Sandbox } from './sandbox.ts'
import { varyingLists } from './varying-lists.ts'

const LIBRARY = readFileSync(createRequire(import.meta.url).resolve('jsonata'), 'utf8')
const LIMITS = { evaluationMs: 10_000, resultCharsMax: 100_000 }
const sandbox = new Sandbox({ library: LIBRARY, exactJson: makeExactJson.toString() }, LIMITS)

/** The JSON texts of an expression's results over no item, one and two. */
const results = (expression: string): readonly unknown[] =>
  [[], [{ n: 1 }], [{ n: 1 }, { n: 2 }]].map((items) => {
    const result = sandbox.evaluate({
      expressions: [expression],
      message: JSON.stringify({ body: { items } }),
    })
    return result.kind === 'values' ? result.values[0] : result.reason
  })

const FILTER = '$filter(body.items, function($i) { $i.n > 0 })'
const MAP = '$map(body.items, function($i) { $i.n })'

describe('what the documents say about lists is so:', () => {
  test.each<[string, readonly unknown[]]>([
    ['body.items[n > 0]', [undefined, '{"n":1}', '[{"n":1},{"n":2}]']],
    ['body.items[n > 0][]', [undefined, '[{"n":1}]', '[{"n":1},{"n":2}]']],
    ['[body.items[n > 0]]', ['[]', '[{"n":1}]', '[{"n":1},{"n":2}]']],
    ['body.items[n > 0].n', [undefined, '1', '[1,2]']],
    ['body.items[n > 0].n[]', [undefined, '[1]', '[1,2]']],
    ['[body.items[n > 0].n]', ['[]', '[1]', '[1,2]']],
    ['body.items.n', [undefined, '1', '[1,2]']],
    ['[body.items.n]', ['[]', '[1]', '[1,2]']],
    [FILTER, [undefined, '{"n":1}', '[{"n":1},{"n":2}]']],
    [`${FILTER}[]`, [undefined, '[{"n":1}]', '[{"n":1},{"n":2}]']],
    [`[${FILTER}]`, ['[]', '[{"n":1}]', '[{"n":1},{"n":2}]']],
    [MAP, [undefined, '1', '[1,2]']],
    [`${MAP}[]`, [undefined, '[1]', '[1,2]']],
    [`[${MAP}]`, ['[]', '[1]', '[1,2]']],
    ['body.items ~> $map(function($i) { $i.n })', [undefined, '1', '[1,2]']],
    ['(body.items ~> $map(function($i) { $i.n }))[]', [undefined, '1', '[1,2]']],
    ['[body.items ~> $map(function($i) { $i.n })]', ['[]', '[1]', '[1,2]']],
    ['body.items.{ "n": n }', [undefined, '{"n":1}', '[{"n":1},{"n":2}]']],
    ['[body.items.{ "n": n }]', ['[]', '[{"n":1}]', '[{"n":1},{"n":2}]']],
    ['body.items[n > 0][0].n', [undefined, '1', '1']],
    ['{ "open": body.items[n > 0] }', ['{}', '{"open":{"n":1}}', '{"open":[{"n":1},{"n":2}]}']],
    ['{ "open": [body.items[n > 0]] }', ['{"open":[]}', '{"open":[{"n":1}]}', '{"open":[{"n":1},{"n":2}]}']],
    ['body.items', ['[]', '[{"n":1}]', '[{"n":1},{"n":2}]']],
  ])('%s', (expression, expected) => {
    expect(results(expression)).toEqual(expected)
  })
})

const found = (expression: string): readonly string[] => {
  expect(checkExpression(expression)).toBeUndefined()
  return varyingLists(expression).map((members) => members.join('.'))
}

test.each([
  'body.items[n > 0]',
  'body.items[n > 0].n',
  '$.body.items[n > 0]',
  'body.items[id = 5].name[0]',
  'body.items["x" in tags]',
  'body.items[[0..2]]',
  'body.items^(n)',
  'body.items.*',
  'body.**.n',
  'body.items.{ "n": n }',
  'body.items@$i.{ "n": $i.n }',
  'body.items#$at.{ "n": $at }',
  '[1..body.n].{ "n": $ }',
  FILTER,
  MAP,
  `(${MAP})[]`,
  `body ? ${MAP} : []`,
  `${FILTER}.n`,
  `(${FILTER}).n`,
  'body.items ~> $filter(function($i) { $i.n > 0 })',
  '$keys(body)',
  '$each(body, function($v) { $v })',
  '$distinct(body.tags)',
  '$match(body.text, /a/)',
  '$split(body.text, ",")[$ != ""]',
  '($open := body.items[n > 0]; $open)',
  '($open := body.items[n > 0]; $open.n)',
])('the whole result varies: %s', (expression) => {
  expect(found(expression)).toEqual([''])
})

test.each([
  ['{ "open": body.items[n > 0] }', ['open']],
  ['{ "a": { "b": body.items[n > 0], "c": 1 }, "d": $keys(body) }', ['a.b', 'd']],
  ['[{ "a": body.items[n > 0] }]', ['a']],
  ['[body.items.{ "tags": tags[$ != ""] }]', ['tags']],
  ['[$map(body.items, function($i) { { "tags": $i.tags[$ != ""] } })]', ['tags']],
  ['$merge([body, { "open": body.items[n > 0] }])', ['open']],
  ['($open := body.items[n > 0]; { "open": $open, "count": $count($open) })', ['open']],
  ['body.items{ kind: n[$ > 0] }', ['…']],
])('members vary: %s', (expression, members) => {
  expect(found(expression)).toEqual(members)
})

test.each([
  'body',
  'body.items',
  'body.items.n',
  'body.customer.address.city',
  '$.body.items.n',
  'body.items[]',
  'body.items.n[]',
  'body.items[0]',
  'body.items[-1].n',
  'body.items[n > 0][]',
  'body.items[n > 0].n[]',
  'body.items[n > 0][0]',
  'body.items[n > 0][0].n',
  '(body.items[n > 0].n)[0]',
  '[body.items[n > 0]]',
  '[body.items.{ "n": n }]',
  '{ "open": [body.items[n > 0]] }',
  `${FILTER}[]`,
  `${FILTER}[0]`,
  `[${FILTER}]`,
  `[${MAP}]`,
  `$count(${FILTER})`,
  '$sum(body.items[n > 0].n)',
  '$count(body.items[n > 0]) > 1 ? "many" : "few"',
  'body.items[n > 0] ~> $count()',
  '$exists(body.items[n > 0])',
  '$join($map(body.items, $string), ",")',
  '"a" in body.items[n > 0].tags',
  'body.{ "id": id }',
  'auth.claims.{ "id": sub }',
  '$append([], body.items[n > 0])',
  '$sort(body.items)',
  '$split(body.text, ",")',
  '$match(body.text, /a/)[0].match',
  '($open := [body.items[n > 0]]; { "open": $open })',
  'body ~> |items[n > 0]|{ "seen": true }|',
  '$keys',
  '{}',
  '[]',
  '1',
])('nothing varies that is seen: %s', (expression) => {
  expect(found(expression)).toEqual([])
})

test('at most ten parts are found', () => {
  const members = Array.from({ length: 50 }, (_, index) => `"m${index}": body.items[n > 0]`)
  expect(found(`{ ${members.join(', ')} }`)).toHaveLength(10)
})

import { describe, expect, test } from 'vitest'
import { EXPRESSION_CHARS_MAX } from '@sallyport/core'
import { checkExpression } from './check-expression.ts'

describe('an expression is refused', () => {
  test.each<[string, unknown, string]>([
    ['a hundred thousand brackets', '('.repeat(100_000), 'longer than 8192'],
    ['as many brackets as fit', '('.repeat(EXPRESSION_CHARS_MAX), 'nested too deeply'],
    ['brackets that close', `${'['.repeat(4000)}1${']'.repeat(4000)}`, 'nested too deeply'],
    ['nested calls', `${'$f('.repeat(2000)}1${')'.repeat(2000)}`, 'nested too deeply'],
    ['a long chain of operators', `${'a&'.repeat(1500)}a`, 'nested too deeply'],
    ['one character too many', `"${'x'.repeat(EXPRESSION_CHARS_MAX - 1)}"`, 'longer than 8192'],
    ['no text: nothing', undefined, 'must be a text'],
    ['no text: null', null, 'must be a text'],
    ['no text: a number', 1, 'must be a text'],
    ['no text: a list', ['body'], 'must be a text'],
    ['an empty text', '', 'is empty'],
    ['white space', ' \n\t', 'is empty'],
    ['a comment alone', '/* body */', 'S0207'],
    ['an operator without its right side', 'body +', 'S0207'],
    ['a bracket that stays open', 'body.items[0', 'S0203'],
    ['a text that stays open', '"body', 'S0101'],
    ['two expressions', 'body body', 'S0201 at position 9'],
    ['an assignment to no variable', 'body := 1', 'S0212'],
    ['a regular expression that is none', '$match(body, /a{2,1}/)', 'regular expression'],
    ['many parents of many steps', `${'a.'.repeat(101)}${'%.'.repeat(101)}a`, 'more than 100 "%"'],
    ['a path of many steps', `${'a.'.repeat(1001)}a`, 'more than 1000 "."'],
    ['a parent that there is not', '%', 'S02'],
  ])('%s', (_name, text, reason) => {
    const sentence = checkExpression(text)
    expect(sentence).toContain(reason)
    expect(sentence).toMatch(/^The expression [^]*\.$/)
    expect(sentence?.length).toBeLessThan(320)
  })
})

describe('an expression is taken', () => {
  test.each([
    ['a path', 'body.items[price > 10].name'],
    ['the longest text', `"${'x'.repeat(EXPRESSION_CHARS_MAX - 2)}"`],
    ['brackets as people nest them', `${'('.repeat(100)}1${')'.repeat(100)}`],
    ['a long path', `${'a.'.repeat(1000)}a`],
    ['as many parents as there may be', `${'a.'.repeat(900)}${'%.'.repeat(100)}a`],
    ['an object', '{"id": body.id, "at": $now()}'],
    ['a function', '($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(5))'],
    ['a regular expression', '$match(body, /a{1,2}/i)'],
    ['a transform', '$ ~> |body|{"seen": true}, ["secret"]|'],
    ['a name of an object, which is a name like any other', 'constructor.__proto__'],
  ])('%s', (_name, text) => {
    expect(checkExpression(text)).toBeUndefined()
  })
})

test('Whatever is written, it is answered', () => {
  const pieces = [
    '(',
    ')',
    '[',
    ']',
    '{',
    '}',
    '"',
    '`',
    '/',
    '|',
    '$',
    '%',
    '@',
    '#',
    ':',
    '<',
    '>',
    '\\',
    '~',
  ]
  for (const first of pieces) {
    for (const second of pieces) {
      for (const repeated of [1, 2, 1000]) {
        const sentence = checkExpression((first + second).repeat(repeated))
        expect(['undefined', 'string']).toContain(typeof sentence)
      }
    }
  }
})

import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { EXPRESSION_CHARS_MAX } from '@sallyport/core'
import { checkExpression } from './check-expression.ts'
import { LIBRARY_FILE } from './worker-permissions.ts'

describe('rejects an expression', () => {
  test.each<[string, unknown, string]>([
    ['with a hundred thousand brackets', '('.repeat(100_000), 'longer than 8192'],
    ['with as many brackets as fit', '('.repeat(EXPRESSION_CHARS_MAX), 'nested too deeply'],
    ['with balanced nested brackets', `${'['.repeat(4000)}1${']'.repeat(4000)}`, 'nested too deeply'],
    ['with nested calls', `${'$f('.repeat(2000)}1${')'.repeat(2000)}`, 'nested too deeply'],
    ['with a long chain of operators', `${'a&'.repeat(1500)}a`, 'nested too deeply'],
    ['with one character too many', `"${'x'.repeat(EXPRESSION_CHARS_MAX - 1)}"`, 'longer than 8192'],
    ['that is undefined', undefined, 'must be a string'],
    ['that is null', null, 'must be a string'],
    ['that is a number', 1, 'must be a string'],
    ['that is a list', ['body'], 'must be a string'],
    ['that is empty', '', 'is empty'],
    ['of white space', ' \n\t', 'is empty'],
    ['of only a comment', '/* body */', 'S0207'],
    ['with an operator without a right side', 'body +', 'S0207'],
    ['with an unclosed bracket', 'body.items[0', 'S0203'],
    ['with an unclosed string', '"body', 'S0101'],
    ['followed by another expression', 'body body', 'S0201 at position 9'],
    ['that assigns to a field', 'body := 1', 'S0212'],
    ['with an invalid regular expression', '$match(body, /a{2,1}/)', 'regular expression'],
    ['with a number that would lose digits', 'body.id = 9007199254740993', 'lose digits'],
    ['with such a fraction', '[1, 0.1000000000000000055511151231257827]', 'S0102 at position 4'],
    ['with a number that overflows', '-1e400', 'Write it as $number("…")'],
    [
      'with many parent operators after many steps',
      `${'a.'.repeat(101)}${'%.'.repeat(101)}a`,
      'more than 100 "%"',
    ],
    ['with a path of many steps', `${'a.'.repeat(1001)}a`, 'more than 1000 "."'],
    ['with a parent operator that has no parent', '%', 'S02'],
  ])('%s', (_name, text, reason) => {
    const sentence = checkExpression(text)
    expect(sentence).toContain(reason)
    expect(sentence).toMatch(/^The expression [^]*\.$/)
    expect(sentence?.length).toBeLessThan(320)
  })
})

describe('accepts an expression:', () => {
  test.each([
    ['the largest numbers', 'body.id = 9007199254740992 or body.n < 1.7976931348623157e308'],
    ['numbers in other forms', '[1.0, 1E5, 0.0000001, 1.50, 0.30000000000000004]'],
    ['a longer number as a string', 'body.id = $number("9007199254740993")'],
    ['a path', 'body.items[price > 10].name'],
    ['the longest allowed text', `"${'x'.repeat(EXPRESSION_CHARS_MAX - 2)}"`],
    ['realistically nested brackets', `${'('.repeat(100)}1${')'.repeat(100)}`],
    ['a long path', `${'a.'.repeat(1000)}a`],
    ['the most parent operators allowed', `${'a.'.repeat(900)}${'%.'.repeat(100)}a`],
    ['an object', '{"id": body.id, "at": $now()}'],
    ['a function', '($f := function($n) { $n <= 1 ? 1 : $n * $f($n - 1) }; $f(5))'],
    ['a regular expression', '$match(body, /a{1,2}/i)'],
    ['a transform', '$ ~> |body|{"seen": true}, ["secret"]|'],
    ['names of built-in object members', 'constructor.__proto__'],
  ])('%s', (_name, text) => {
    expect(checkExpression(text)).toBeUndefined()
  })
})

test('returns a result for any sequence of special characters and never throws', () => {
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

/** Removes JSONata after the check was loaded, as an update of a running server does. */
const PROGRAM = `
  const { rmSync } = await import('node:fs')
  const { checkExpression } = await import('./expression/check-expression.ts')
  rmSync('./node_modules/jsonata', { recursive: true })
  let outcome
  try {
    outcome = { sentence: checkExpression('body.id') }
  } catch (error) {
    outcome = { code: error.code }
  }
  console.log(JSON.stringify(outcome))
`

test('that JSONata cannot be read is no fault of the expression', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-expression-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(folder, { recursive: true }))
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, '@sallyport'), { recursive: true })
  await symlink(fileURLToPath(new URL('../../../core', import.meta.url)), join(modules, '@sallyport', 'core'))
  await cp(dirname(LIBRARY_FILE), join(modules, 'jsonata'), { recursive: true })
  await cp(fileURLToPath(new URL('.', import.meta.url)), join(folder, 'expression'), { recursive: true })
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', PROGRAM], {
    cwd: folder,
  })
  expect(JSON.parse(stdout)).toEqual({ code: 'ENOENT' })
})

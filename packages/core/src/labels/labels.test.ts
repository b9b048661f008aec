import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  effectiveLabels,
  isUnlabelled,
  LABELS_CHARS_MAX,
  LABELS_MAX,
  labelsHeader,
  parseLabels,
} from './labels.ts'

/** The names that problems are reported for, or `ok`. */
function problemsOf(...pairs: readonly (readonly [string, string])[]): unknown {
  const result = parseLabels(pairs)
  return result.ok ? 'ok' : result.problems.map(({ name }) => name)
}

const numbered = (count: number, value = ''): (readonly [string, string])[] =>
  Array.from({ length: count }, (_, index) => [`l${index}`, value])

describe('labels', () => {
  test.each(['a', 'a.b_c-9', 'constructor', 'a'.repeat(63)])('can have the name %s', (name) => {
    expect(problemsOf([name, 'x'])).toBe('ok')
  })

  test.each([
    '',
    'A',
    'teaM',
    '9a',
    '-a',
    'a b',
    'a:b',
    'a=b',
    'a,b',
    'é',
    'a\n',
    '__proto__',
    'a'.repeat(64),
  ])('cannot have the name %j', (name) => {
    expect(problemsOf([name, 'x'])).toEqual([name])
  })

  test.each(['', 'a b', 'a,b=c:d%', '😀 é', '"', 'x'.repeat(128)])('can have the value %j', (value) => {
    expect(problemsOf(['team', value])).toBe('ok')
  })

  test.each([
    ' a',
    'a ',
    '\u00a0a',
    'a\nb',
    'a\r\nx-admin: 1',
    'a\tb',
    '\u0000',
    '\u202e',
    '\u2028',
    '\ud800',
    'x'.repeat(129),
    `see sp_sk_4fT0Qm2ZrX9bLk7A_${'0'.repeat(38)}`,
  ])('cannot have the value %j', (value) => {
    expect(problemsOf(['team', value])).toEqual(['team'])
  })

  test('name every problem at once', () => {
    expect(problemsOf(['A', '\n'], ['b', 'x'], ['c', ' '])).toEqual(['A', 'A', 'c'])
  })

  test('have a limit on their number, and on their size as a header', () => {
    expect(problemsOf(...numbered(LABELS_MAX))).toBe('ok')
    expect(problemsOf(...numbered(LABELS_MAX + 1))).toEqual([null])
    // "a=" and "," between two, and nine characters for each "€".
    const rest = LABELS_CHARS_MAX - 'a=,b='.length - 128 * 9
    const fitting = (more: number) =>
      problemsOf(
        ['a', '€'.repeat(128)],
        ['b', '€'.repeat(Math.floor(rest / 9)) + 'x'.repeat((rest % 9) + more)],
      )
    expect([fitting(0), fitting(1)]).toEqual(['ok', [null]])
  })

  test('are stored in the order of their names', () => {
    const result = parseLabels([
      ['b', '1'],
      ['a.b', '2'],
      ['a', '3'],
    ])
    expect(JSON.stringify(result)).toBe('{"ok":true,"value":{"a":"3","a.b":"2","b":"1"}}')
  })
})

describe('a key of a consumer', () => {
  test('has the labels of the consumer, unless it has its own', () => {
    expect(effectiveLabels({ team: 'a', tier: 'gold' }, { team: 'b', app: '' })).toEqual({
      team: 'b',
      tier: 'gold',
      app: '',
    })
    expect(effectiveLabels({ team: 'a' }, {})).toEqual({ team: 'a' })
    expect(effectiveLabels({}, { team: 'b' })).toEqual({ team: 'b' })
    expect(isUnlabelled(effectiveLabels({}, {}))).toBe(true)
  })
})

describe('a header of labels', () => {
  test('is sorted and encoded', () => {
    expect(labelsHeader({ tier: '', team: 'a,b=c d%', 'a-b': "é!'()*" })).toBe(
      "a-b=%C3%A9!'()*,team=a%2Cb%3Dc%20d%25,tier=",
    )
    expect(labelsHeader({})).toBe('')
  })

  test('is printable ASCII that reads back as the labels, whatever they are', () => {
    const pairs = fc.dictionary(fc.stringMatching(/^[a-z][a-z0-9._-]{0,9}$/), fc.string({ unit: 'grapheme' }))
    fc.assert(
      fc.property(pairs, (given) => {
        const result = parseLabels(Object.entries(given))
        fc.pre(result.ok && !isUnlabelled(result.value))
        const header = labelsHeader(result.ok ? result.value : {})
        expect(header).toMatch(/^[!-~]+$/)
        const read = header.split(',').map((part): [string, string] => {
          const [name = '', value = ''] = part.split('=')
          return [name, decodeURIComponent(value)]
        })
        expect(Object.fromEntries(read)).toEqual({ ...given })
      }),
    )
  })
})

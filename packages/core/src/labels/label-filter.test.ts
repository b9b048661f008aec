import { describe, expect, test } from 'vitest'
import {
  type LabelFilter,
  labelFilterTerm,
  labelFilterText,
  labelTerms,
  parseLabelFilter,
} from './label-filter.ts'

describe('a label filter', () => {
  test.each<[string, LabelFilter]>([
    ['team', { name: 'team', value: null }],
    ['team:', { name: 'team', value: '' }],
    ['team:payments', { name: 'team', value: 'payments' }],
    ['team:a:b c', { name: 'team', value: 'a:b c' }],
    [`team:${'x'.repeat(128)}`, { name: 'team', value: 'x'.repeat(128) }],
  ])('%s is read, and written the same', (text, value) => {
    expect(parseLabelFilter(text)).toEqual({ ok: true, value })
    expect(labelFilterText(value)).toBe(text)
  })

  test.each([
    '',
    ':',
    ':payments',
    'Team',
    'team=payments',
    'team: a',
    'team:a\n',
    `team:${'x'.repeat(129)}`,
  ])('%j is refused', (text) => {
    expect(parseLabelFilter(text).ok).toBe(false)
  })

  test('with a token is refused', () => {
    expect(parseLabelFilter(`team:sp_sk_4fT0Qm2ZrX9bLk7A_${'0'.repeat(38)}`).ok).toBe(false)
    expect(parseLabelFilter('team:sp_sk_4fT0Qm2ZrX9bLk7A').ok).toBe(true)
  })
})

/** Whether an index finds labels by a filter. */
function finds(filter: string, labels: Readonly<Record<string, string>>): boolean {
  const parsed = parseLabelFilter(filter)
  if (!parsed.ok) throw new Error(parsed.problem)
  const { term, isPrefix } = labelFilterTerm(parsed.value)
  return labelTerms(labels).some((one) => (isPrefix ? one.startsWith(term) : one === term))
}

describe('the terms of labels', () => {
  const labels = { team: 'pay ments', 'team-2': '' }

  test.each(['team', 'team:pay ments', 'team-2', 'team-2:'])('are found by %s', (filter) => {
    expect(finds(filter, labels)).toBe(true)
  })

  test.each(['tea', 'team.', 'team:', 'team:pay', 'team:pay%20ments', 'team:Pay ments', 'team-2:x'])(
    'are not found by %s',
    (filter) => {
      expect(finds(filter, labels)).toBe(false)
    },
  )

  test('have no space', () => {
    expect(labelTerms({ a: 'x y\u00a0\u3000z' }).join('')).not.toMatch(/\s/)
  })
})

import { describe, expect, test } from 'vitest'
import { areSame, changedFields, type EditFields, listField, mergedValues, valueField } from './fields.ts'

interface Values {
  readonly name: string
  readonly roles: readonly string[]
}

const FIELDS: EditFields<Values> = {
  name: valueField(
    'Name',
    (name) => `“${name}”`,
    (name) => name.trim(),
  ),
  roles: listField('Roles', (role) => role),
}

const BEFORE: Values = { name: 'Billing', roles: ['auditor', 'invoker'] }

describe('values are the same', () => {
  test.each<[string, Values, boolean]>([
    ['with the same items in another order', { ...BEFORE, roles: ['invoker', 'auditor'] }, true],
    ['with what does not count', { ...BEFORE, name: ' Billing ' }, true],
    ['not with another text', { ...BEFORE, name: 'billing' }, false],
    ['not with an item less', { ...BEFORE, roles: ['auditor'] }, false],
    ['not with an item in place of another', { ...BEFORE, roles: ['auditor', 'admin'] }, false],
    ['not with an item more', { ...BEFORE, roles: ['auditor', 'invoker', 'admin'] }, false],
  ])('%s', (_case, values, isSame) => {
    expect(areSame(FIELDS, BEFORE, values)).toBe(isSame)
    expect(areSame(FIELDS, values, BEFORE)).toBe(isSame)
  })
})

describe('what is saved on top of the change of another person', () => {
  const merged = (yours: Partial<Values>, theirs: Partial<Values>): Values =>
    mergedValues(FIELDS, { before: BEFORE, yours: { ...BEFORE, ...yours }, theirs: { ...BEFORE, ...theirs } })

  test.each<[string, Partial<Values>, Partial<Values>, Partial<Values>]>([
    [
      'theirs, where you changed nothing',
      {},
      { name: 'Theirs', roles: ['admin'] },
      { name: 'Theirs', roles: ['admin'] },
    ],
    ['yours, where both changed the same', { name: 'Yours' }, { name: 'Theirs' }, { name: 'Yours' }],
    [
      'the items that both added',
      { roles: ['auditor', 'invoker', 'admin'] },
      { roles: ['auditor', 'invoker', 'owner'] },
      { roles: ['auditor', 'invoker', 'owner', 'admin'] },
    ],
    ['no item that either removed', { roles: ['auditor'] }, { roles: ['invoker'] }, { roles: [] }],
    [
      'an item once that both added',
      { roles: ['auditor', 'invoker', 'admin'] },
      { roles: ['admin'] },
      { roles: ['admin'] },
    ],
  ])('has %s', (_case, yours, theirs, expected) => {
    expect(merged(yours, theirs)).toEqual({ ...BEFORE, ...expected })
  })

  test('compares items with members in any order', () => {
    const { merged: mergedList, isSame } = listField<object>('Grants', () => '')
    const [one, same] = [
      { permission: 'keys.read', environment: 'prod' },
      { environment: 'prod', permission: 'keys.read' },
    ]
    expect(isSame([one], [same])).toBe(true)
    expect(isSame([one], [{ permission: 'keys.read' }])).toBe(false)
    expect(mergedList([], [one], [same])).toEqual([same])
  })
})

describe('what is told of the change of another person', () => {
  test('has the fields that they changed, with yours where you changed them too', () => {
    const yours = { name: 'Yours', roles: ['auditor', 'invoker'] }
    const theirs = { name: 'Theirs', roles: ['auditor', 'admin', 'owner'] }
    expect(changedFields(FIELDS, { before: BEFORE, yours, theirs })).toEqual([
      { label: 'Name', theirs: '“Theirs”', yours: '“Yours”' },
      { label: 'Roles', theirs: 'added admin and owner; removed invoker', yours: undefined },
    ])
  })

  test('leaves out what only you changed', () => {
    const yours = { ...BEFORE, name: 'Yours' }
    expect(changedFields(FIELDS, { before: BEFORE, yours, theirs: BEFORE })).toEqual([])
  })
})

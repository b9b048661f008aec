import { expect, test } from 'vitest'
import { t } from '../../../texts/texts.ts'
import { schemaAt } from '../schema/walk.ts'
import { arranged } from './arrangement.ts'
import { labelOf } from './labels.ts'

const TRIGGER = schemaAt({ trigger: { kind: 'http' } }, ['trigger']) ?? {}
const PROXY = schemaAt({ steps: [{ proxy: {} }] }, ['steps', 0, 'proxy']) ?? {}

test.each([
  ['a trigger', TRIGGER],
  ['a proxy', PROXY],
] as const)('each field of %s is shown once', (_, schema) => {
  const { open, groups, own } = arranged(schema)
  const shown = [...open, ...groups.flatMap(({ names }) => names), ...own]
  const all = Object.keys(schema.properties ?? {})
  expect(shown.toSorted((one, other) => one.localeCompare(other))).toEqual(
    all.toSorted((one, other) => one.localeCompare(other)),
  )
  expect(all.length).toBeGreaterThan(10)
})

test('fields of another form are left out, with groups that have no other', () => {
  const { open, groups, own } = arranged(TRIGGER, ['cors', 'trailingSlash', 'encodedSlashes', 'path'])
  expect([...open, ...own]).not.toContain('cors')
  expect(open).not.toContain('path')
  expect(groups.map(({ title }) => title)).toEqual(['callers'])
})

test('a field that the schema gets is shown by itself', () => {
  const more = {
    type: 'object',
    properties: { fresh: { type: 'boolean' }, deep: { type: 'object', properties: {} } },
  }
  expect(arranged(more)).toEqual({ open: ['fresh'], groups: [], own: ['deep'] })
})

test('a field has the label of its place, of its name, or its name as words', () => {
  expect(labelOf(['trigger', 'cors', 'headers'])).toBe(t.specForm.labels['cors.headers'])
  expect(labelOf(['steps', 0, 'proxy', 'cache', 'shared'])).toBe(t.specForm.labels['shared'])
  expect(labelOf(['trigger', 'someNewField'])).toBe('Some new field')
})

import { describe, expect, test } from 'vitest'
import { RECORD_KINDS } from '../snapshot/record-kinds.ts'
import type { FeedRecord } from '../snapshot/feed-record.ts'
import { each, fields, kinds, OPAQUE, since, values, type Shape } from './record-shape.ts'
import { RECORD_SHAPE } from './record-shapes.ts'
import { RECORDS_VERSION, UnknownRecordPart, versionOfRecord, versionOfShape } from './record-versions.ts'

const environment = { kind: 'environment', organization: 'acme', name: 'prod' } as const

function newestOf(shape: Shape): number {
  switch (shape.is) {
    case 'opaque':
      return 1
    case 'since':
      return Math.max(shape.version, newestOf(shape.of))
    case 'values':
      return Math.max(...Object.values(shape.values))
    case 'each':
      return newestOf(shape.of)
    case 'fields':
      return Math.max(...Object.values(shape.fields).map(newestOf))
    case 'kinds':
      return Math.max(...Object.values(shape.kinds).map(newestOf))
  }
}

describe('the version of a record', () => {
  test('is 1 for all that there is so far', () => {
    expect(versionOfRecord(environment)).toBe(1)
    expect(versionOfRecord({ ...environment, whenStale: 'refuse' })).toBe(1)
    expect(versionOfRecord({ kind: 'removed', of: 'role', organization: 'acme', id: 'caller' })).toBe(1)
  })

  test.each([
    ['a field', { ...environment, closed: true }, 'record environment.closed,'],
    ['a value', { ...environment, whenStale: 'ask' }, 'whenStale "ask"'],
    ['a kind', { kind: 'notice', organization: 'acme' }, 'record.kind "notice"'],
    ['a name that every object has', { ...environment, constructor: 1 }, 'constructor'],
    [
      'a removal of a kind',
      { kind: 'removed', of: 'notice', organization: 'acme', id: 'n' },
      'record removed.of "notice"',
    ],
    [
      'a field within lists',
      { kind: 'role', organization: 'acme', name: 'r', grants: [{ permission: 'p', hours: '9-17' }] },
      'record role.grants.hours',
    ],
  ])('is not known with %s of a later release', (_, record, named) => {
    const ask = (): number => versionOfRecord(record as unknown as FeedRecord)
    expect(ask).toThrow(UnknownRecordPart)
    expect(ask).toThrow(named)
  })

  test('is the highest of its parts, and those that are left out do not count', () => {
    const shape = kinds<{ readonly kind: 'old' } | { readonly kind: 'young' }>({
      old: fields<{
        readonly kind: 'old'
        readonly list: unknown
        readonly mode: string
        readonly more: unknown
      }>({
        kind: OPAQUE,
        list: each(fields<{ readonly a: 1; readonly b: 2 }>({ a: OPAQUE, b: since(3, OPAQUE) })),
        mode: values<'a' | 'b'>({ a: 1, b: 4 }),
        more: since(2, OPAQUE),
      }),
      young: since(5, fields<{ readonly kind: 'young' }>({ kind: OPAQUE })),
    })
    expect(versionOfShape({ kind: 'old', list: [{ a: 1 }], mode: 'a' }, shape)).toBe(1)
    expect(versionOfShape({ kind: 'old', more: undefined }, shape)).toBe(1)
    expect(versionOfShape({ kind: 'old', more: false }, shape)).toBe(2)
    expect(versionOfShape({ kind: 'old', list: [{ a: 1 }, { b: 1 }], more: 1 }, shape)).toBe(3)
    expect(versionOfShape({ kind: 'old', mode: 'b' }, shape)).toBe(4)
    expect(versionOfShape({ kind: 'young' }, shape)).toBe(5)
  })
})

test('the version of this release is the one of its newest part', () => {
  expect(newestOf(RECORD_SHAPE)).toBe(RECORDS_VERSION)
  expect(RECORD_SHAPE).toMatchObject({
    kinds: Object.fromEntries(Object.keys(RECORD_KINDS).map((kind) => [kind, {}])),
  })
})

import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../terminal/failure.ts'
import { fieldValue, flagOf } from './field-values.ts'
import { InputFiles } from './input-files.ts'
import type { Field } from './operation-fields.ts'

const NOW_MS = Date.UTC(2027, 0, 31)
const FILES = new InputFiles(Readable.from([]))

function field(kind: Field['kind'], more: Partial<Field> = {}): Field {
  return { name: 'field', kind, description: '', ...more }
}

test.each<[Field, readonly string[], unknown]>([
  [field('text'), ['null'], 'null'],
  [field('text', { isNullable: true }), ['null'], null],
  [field('text', { choices: ['a', 'b'] }), ['b'], 'b'],
  [field('texts'), ['a,b', 'c'], ['a,b', 'c']],
  [field('texts'), [''], []],
  [field('texts', { isNullable: true }), ['null'], null],
  [field('texts', { isNullable: true }), ['null', 'a'], ['null', 'a']],
  [field('integer'), ['12'], 12],
  [field('boolean'), ['true'], true],
  [field('boolean'), ['false'], false],
  [field('time'), ['2027-02-01T00:00:00Z'], '2027-02-01T00:00:00Z'],
  [field('time'), ['90d'], '2027-05-01T00:00:00.000Z'],
  [field('time'), ['12h'], '2027-01-31T12:00:00.000Z'],
  [field('time'), ['30m'], '2027-01-31T00:30:00.000Z'],
  [field('past'), ['2027-01-01T00:00:00Z'], '2027-01-01T00:00:00Z'],
  [field('past'), ['24h'], '2027-01-30T00:00:00.000Z'],
  [field('json'), ['{ answer: no, at: 2027-01-31 }'], { answer: 'no', at: '2027-01-31' }],
  [field('map'), ['team=payments', 'note=a=b', 'empty='], { team: 'payments', note: 'a=b', empty: '' }],
  [field('map'), [''], {}],
  [field('json'), ['{"requests": 5}'], { requests: 5 }],
  [field('json'), ['[{requests: 5, perSeconds: 60}]'], [{ requests: 5, perSeconds: 60 }]],
  [field('json'), ['https://api.example.com'], 'https://api.example.com'],
])('%j of %j is %j', async (given, texts, expected) => {
  expect(await fieldValue(given, texts, NOW_MS, FILES)).toEqual(expected)
})

test.each<[Field, readonly string[], string]>([
  [field('text', { choices: ['a', 'b'] }), ['c'], '--field: Use a, b, not "c".'],
  [field('integer'), ['1.5'], '--field: Use a number, not "1.5".'],
  [field('integer'), [''], '--field: Use a number, not "".'],
  [field('time'), ['tomorrow'], '--field: Use a time, such as'],
  [field('time'), ['90'], '--field: Use a time, such as'],
  [field('time'), ['2027-01-31'], '--field: Use a time, such as'],
  [field('map'), ['team'], '--field: Use NAME=VALUE, not "team".'],
  [field('map'), ['=payments'], '--field: Use NAME=VALUE, not "=payments".'],
  [field('json'), ['{'], '--field is neither JSON nor YAML'],
  [field('json'), ['@/nowhere.json'], '/nowhere.json cannot be read: there is no such file.'],
  [field('json'), ['@/'], '/ cannot be read: it is a folder.'],
  [field('json'), ['a: 1\na: 2'], '--field is neither JSON nor YAML: Map keys must be unique'],
  [field('json'), ['!secret value'], '--field is neither JSON nor YAML: Unresolved tag'],
  [field('json'), ['--- 1\n--- 2'], '--field is neither JSON nor YAML: Source contains multiple documents'],
  [field('text', { choices: ['a', 'b'] }), [''], '--field: Use a, b, not "".'],
  [field('past'), ['-24h'], '--field: Use a time, such as'],
])('%j does not take %j', async (given, texts, message) => {
  const error = await fieldValue(given, texts, NOW_MS, FILES).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(UsageError)
  expect((error as UsageError).message).toContain(message)
})

describe('the option of a field', () => {
  test.each([
    ['name', '--name'],
    ['expiresAt', '--expires-at'],
    ['rotationReminderDays', '--rotation-reminder-days'],
  ])('%s is %s', (name, flag) => {
    expect(flagOf({ name })).toBe(flag)
  })
})

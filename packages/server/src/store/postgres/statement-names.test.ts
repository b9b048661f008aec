import { expect, test } from 'vitest'
import { StatementNames } from './statement-names.ts'

test('A statement has one name for each connection, and another statement another one', () => {
  const names = new StatementNames()
  const name = names.nameOf('select $1', 1)
  expect(name).toBeDefined()
  expect(names.nameOf('select $1', 1)).toBe(name)
  expect(names.nameOf('select $1 + 1', 1)).not.toBe(name)
  expect(new StatementNames().nameOf('select $1', 1)).toBe(name)
})

test.for([
  ['no parameter', 'commit', 0],
  ['a list of varying length', 'select * from keys where id in ($1, …)', 41],
  ['a page', 'select * from keys where organization = $1 order by id limit $2', 2],
] as const)('A statement with %s is not prepared', ([, text, parameters]) => {
  expect(new StatementNames().nameOf(text, parameters)).toBeUndefined()
})

test('A connection has a bounded number of them, and keeps those that it has', () => {
  const names = new StatementNames()
  const all = Array.from({ length: 1_000 }, (_, index) => names.nameOf(`select ${index} + $1`, 1))
  expect(new Set(all.filter((name) => name !== undefined)).size).toBe(200)
  expect(names.nameOf('select 0 + $1', 1)).toBe(all[0])
  expect(names.nameOf('select 999 + $1', 1)).toBeUndefined()
})

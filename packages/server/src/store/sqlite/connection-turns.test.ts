import { expect, test } from 'vitest'
import { refusalOf } from '../testing/problem-codes.ts'
import { ConnectionTurns } from './connection-turns.ts'

test('The connection is lent in the order of arrival, and free after the last one', async () => {
  const turns = new ConnectionTurns()
  const order: string[] = []
  const use = async (name: string): Promise<void> => {
    await turns.take(Infinity)
    order.push(`${name} begins`)
    await Promise.resolve()
    order.push(`${name} ends`)
    turns.give()
  }
  await Promise.all(['first', 'second', 'third'].map(use))
  await use('last')
  expect(order).toEqual(
    ['first', 'second', 'third', 'last'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  )
})

test('A wait that is too long is refused, and the connection is not lent to it', async () => {
  const turns = new ConnectionTurns()
  await turns.take(1)
  const impatient = turns.take(1)
  const patient = turns.take(Infinity)
  expect(await refusalOf(impatient)).toBe('unavailable')
  turns.give()
  await patient
  expect(await refusalOf(turns.take(1))).toBe('unavailable')
})

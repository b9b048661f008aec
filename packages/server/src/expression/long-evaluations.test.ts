import { expect, test } from 'vitest'
import { LongEvaluations } from './long-evaluations.ts'

/** A clock that a test moves. */
class Clock {
  ms = 0
  readonly nowMs = (): number => this.ms
}

function open(): { readonly clock: Clock; readonly long: LongEvaluations } {
  const clock = new Clock()
  return { clock, long: new LongEvaluations(clock.nowMs) }
}

test('short evaluations count nothing, however many', () => {
  const { long } = open()
  for (let index = 0; index < 100_000; index += 1) long.add('acme', 10)
  expect(long.isUsedUp('acme')).toBe(false)
})

test('long ones use up a burst of 200 ms beyond 10 ms each', () => {
  const { long } = open()
  long.add('acme', 110)
  expect(long.isUsedUp('acme')).toBe(false)
  long.add('acme', 109)
  expect(long.isUsedUp('acme')).toBe(false)
  long.add('acme', 11)
  expect(long.isUsedUp('acme')).toBe(true)
})

test('those of one organization do not count for another', () => {
  const { long } = open()
  long.add('acme', 1000)
  expect(long.isUsedUp('acme')).toBe(true)
  expect(long.isUsedUp('globex')).toBe(false)
})

test('a hundredth of the time comes back', () => {
  const { clock, long } = open()
  long.add('acme', 310)
  clock.ms += 10_000
  expect(long.isUsedUp('acme')).toBe(true)
  clock.ms += 1
  expect(long.isUsedUp('acme')).toBe(false)
})

test('nothing is saved up while an organization evaluates nothing', () => {
  const { clock, long } = open()
  long.add('acme', 11)
  clock.ms += 1e9
  long.add('acme', 210)
  expect(long.isUsedUp('acme')).toBe(true)
})

test('no load is remembered longer than 180 s, however long it lasted', () => {
  const { clock, long } = open()
  for (let index = 0; index < 10_000; index += 1) long.add('acme', 1000)
  clock.ms += 180_000
  expect(long.isUsedUp('acme')).toBe(true)
  clock.ms += 1
  expect(long.isUsedUp('acme')).toBe(false)
})

test('organizations are remembered beyond the number from which others are removed', () => {
  const { clock, long } = open()
  const names = Array.from({ length: 3000 }, (_, index) => `organization-${index}`)
  for (const name of names) long.add(name, 1000)
  expect(names.every((name) => long.isUsedUp(name))).toBe(true)
  clock.ms += 1e6
  long.add('acme', 1000)
  expect(names.some((name) => long.isUsedUp(name))).toBe(false)
  expect(long.isUsedUp('acme')).toBe(true)
})

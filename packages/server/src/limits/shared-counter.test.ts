import { expect, test } from 'vitest'
import { SharedCounter } from './shared-counter.ts'

test('threads that ask with times in another order get together what the limit allows', () => {
  const counter = new SharedCounter('counter', 10, 1000)
  let allowed = 0
  for (let round = 0; round < 20; round += 1) {
    for (const nowMs of [5000, 4500]) {
      if (!counter.ask(nowMs).allowed) continue
      counter.count(nowMs)
      allowed += 1
    }
  }
  expect(allowed).toBe(10)
  // A tenth of a second later there is room for one.
  expect([counter.ask(5099).allowed, counter.ask(5100).allowed]).toEqual([false, true])
})

test('a level of the store that was learnt with an earlier time does not drain again', () => {
  const counter = new SharedCounter('counter', 10, 1000)
  counter.learn(10, 5000, 5000)
  counter.learn(10, 4500, 4500)
  expect(counter.ask(5000).allowed).toBe(false)
})

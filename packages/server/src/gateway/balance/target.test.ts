import { expect, test } from 'vitest'
import { Target } from './target.ts'

const RULES = { failures: 3, ejectionMs: 1000 }

function fail(target: Target, nowMs: number): void {
  target.begin(false)
  target.end('failed', RULES, nowMs)
}

test('A target is ejected after failures in a row, for a time that doubles up to a bound', () => {
  const target = new Target('http://a')
  for (let count = 0; count < 2; count += 1) fail(target, 0)
  target.begin(false)
  target.end('answered', RULES, 0)
  for (let count = 0; count < 2; count += 1) fail(target, 0)
  target.begin(false)
  target.end('neutral', RULES, 0)
  expect(target.isAvailable(0)).toBe(true)
  fail(target, 0)
  const lengths: number[] = []
  let nowMs = 0
  for (let count = 0; count < 11; count += 1) {
    const start = nowMs
    while (!target.isAvailable(nowMs)) nowMs += 1000
    lengths.push(nowMs - start)
    // One failure is enough on trial.
    fail(target, nowMs)
  }
  expect(lengths).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300].map((seconds) => seconds * 1000))
  expect(target.ejections).toBe(12)
})

test('A target on trial gets one request at a time until one is answered', () => {
  const target = new Target('http://a')
  for (let count = 0; count < 3; count += 1) fail(target, 0)
  expect([target.isAvailable(999), target.isAvailable(1000)]).toEqual([false, true])
  target.begin(false)
  expect(target.isAvailable(1000)).toBe(false)
  target.end('neutral', RULES, 1001)
  expect(target.isAvailable(1001)).toBe(true)
  target.begin(false)
  target.end('answered', RULES, 1002)
  target.begin(false)
  expect(target.isAvailable(1002)).toBe(true)
  // The next ejection begins anew.
  for (let count = 0; count < 3; count += 1) fail(target, 2000)
  expect([target.isAvailable(2999), target.isEjected(3000)]).toEqual([false, false])
})

test('What began before an ejection neither extends nor ends it', () => {
  const target = new Target('http://a')
  for (let count = 0; count < 10; count += 1) target.begin(false)
  for (let count = 0; count < 9; count += 1) target.end('failed', RULES, count)
  target.end('answered', RULES, 10)
  expect(target.ejections).toBe(1)
  expect([target.isAvailable(1001), target.isAvailable(1002)]).toEqual([false, true])
})

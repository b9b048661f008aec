import { describe, expect, test } from 'vitest'
import { refusalOf } from '../testing/problem-codes.ts'
import { SerialQueue } from './serial-queue.ts'

describe('turns', () => {
  test('come one at a time, in the order in which they were asked for', async () => {
    const queue = new SerialQueue(10)
    const told: string[] = []
    const take = (name: string) =>
      queue.run(async () => {
        told.push(`${name} begins`)
        await new Promise(setImmediate)
        told.push(`${name} ends`)
        return name
      })
    expect(await Promise.all([take('a'), take('b'), take('c')])).toEqual(['a', 'b', 'c'])
    expect(told).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]))
  })

  test('go on after one that failed', async () => {
    const queue = new SerialQueue(10)
    const failing = queue.run(async () => {
      throw new Error('no')
    })
    const next = queue.run(async () => 'yes')
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('yes')
  })

  test('are refused when as many wait as may, and given again when fewer do', async () => {
    const queue = new SerialQueue(2)
    const gate = Promise.withResolvers<void>()
    const served = queue.run(() => gate.promise)
    const waiting = [queue.run(async () => 1), queue.run(async () => 2)]
    expect(await refusalOf(queue.run(async () => 3))).toBe('unavailable')
    gate.resolve()
    await served
    expect(await Promise.all(waiting)).toEqual([1, 2])
    expect(await queue.run(async () => 4)).toBe(4)
  })

  test('leave the event loop its own turn in between', async () => {
    const queue = new SerialQueue(1_000)
    let served = 0
    let servedAtImmediate: number | undefined
    setImmediate(() => (servedAtImmediate = served))
    await Promise.all(Array.from({ length: 100 }, () => queue.run(async () => (served += 1))))
    expect(servedAtImmediate).toBeLessThan(100)
  })
})

import { describe, expect, test } from 'vitest'
import { refusalOf } from '../testing/problem-codes.ts'
import { Turns } from './turns.ts'

describe('turns', () => {
  test('come one at a time, in the order in which they were asked for', async () => {
    const turns = new Turns(10)
    const told: string[] = []
    const take = (name: string) =>
      turns.take(async () => {
        told.push(`${name} begins`)
        await new Promise(setImmediate)
        told.push(`${name} ends`)
        return name
      })
    expect(await Promise.all([take('a'), take('b'), take('c')])).toEqual(['a', 'b', 'c'])
    expect(told).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]))
  })

  test('go on after one that failed', async () => {
    const turns = new Turns(10)
    const failing = turns.take(async () => {
      throw new Error('no')
    })
    const next = turns.take(async () => 'yes')
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('yes')
  })

  test('are refused when as many wait as may, and given again when fewer do', async () => {
    const turns = new Turns(2)
    const gate = Promise.withResolvers<void>()
    const served = turns.take(() => gate.promise)
    const waiting = [turns.take(async () => 1), turns.take(async () => 2)]
    expect(await refusalOf(turns.take(async () => 3))).toBe('unavailable')
    gate.resolve()
    await served
    expect(await Promise.all(waiting)).toEqual([1, 2])
    expect(await turns.take(async () => 4)).toBe(4)
  })

  test('leave the event loop its own turn in between', async () => {
    const turns = new Turns(1_000)
    let served = 0
    let servedAtImmediate: number | undefined
    setImmediate(() => (servedAtImmediate = served))
    await Promise.all(Array.from({ length: 100 }, () => turns.take(async () => (served += 1))))
    expect(servedAtImmediate).toBeLessThan(100)
  })
})

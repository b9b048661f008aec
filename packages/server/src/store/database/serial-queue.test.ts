import { describe, expect, test } from 'vitest'
import { refusalOf } from '../testing/problem-codes.ts'
import { SerialQueue } from './serial-queue.ts'

describe('a serial queue', () => {
  test('runs its work one at a time, in the order of arrival', async () => {
    const queue = new SerialQueue(10, () => performance.now())
    const log: string[] = []
    const enqueue = (name: string) =>
      queue.run(async () => {
        log.push(`${name} begins`)
        await new Promise(setImmediate)
        log.push(`${name} ends`)
        return name
      })
    expect(await Promise.all([enqueue('a'), enqueue('b'), enqueue('c')])).toEqual(['a', 'b', 'c'])
    expect(log).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]))
  })

  test('continues after work that failed', async () => {
    const queue = new SerialQueue(10, () => performance.now())
    const failing = queue.run(async () => {
      throw new Error('no')
    })
    const next = queue.run(async () => 'yes')
    await expect(failing).rejects.toThrow('no')
    expect(await next).toBe('yes')
  })

  test('rejects work while too much is waiting, and accepts it again later', async () => {
    const queue = new SerialQueue(2, () => performance.now())
    const gate = Promise.withResolvers<void>()
    const served = queue.run(() => gate.promise)
    const waiting = [queue.run(async () => 1), queue.run(async () => 2)]
    expect(await refusalOf(queue.run(async () => 3))).toBe('unavailable')
    gate.resolve()
    await served
    expect(await Promise.all(waiting)).toEqual([1, 2])
    expect(await queue.run(async () => 4)).toBe(4)
  })

  test('lets organizations take turns, and their actors within them', async () => {
    const queue = new SerialQueue(20, () => performance.now())
    const gate = Promise.withResolvers<void>()
    const served: string[] = []
    const enqueue = (organization: string, pipeline: string, name: string) =>
      queue.run(async () => void served.push(name), undefined, { organization, pipeline })
    const first = queue.run(() => gate.promise)
    const all = [
      ...['a1', 'a2', 'a3'].map((name) => enqueue('acme', 'key_1', name)),
      enqueue('acme', 'key_2', 'b1'),
      enqueue('rival', 'key_3', 'c1'),
    ]
    gate.resolve()
    await Promise.all([first, ...all])
    expect(served).toEqual(['a1', 'c1', 'b1', 'a2', 'a3'])
  })

  test('refuses the newest work of the busiest organization when too much is waiting', async () => {
    const queue = new SerialQueue(2, () => performance.now())
    const gate = Promise.withResolvers<void>()
    const first = queue.run(() => gate.promise)
    const enqueue = (organization: string) =>
      queue.run(async () => organization, undefined, { organization, pipeline: '' })
    const [one, two] = [enqueue('acme'), enqueue('acme')]
    const other = enqueue('rival')
    expect(await refusalOf(two)).toBe('unavailable')
    gate.resolve()
    await first
    expect(await Promise.all([one, other])).toEqual(['acme', 'rival'])
    await queue.idle()
    expect(await enqueue('acme')).toBe('acme')
  })

  test('does not run work whose deadline passed while it waited, and makes room for others', async () => {
    const queue = new SerialQueue(1, () => performance.now())
    const gate = Promise.withResolvers<void>()
    const first = queue.run(() => gate.promise)
    let ran = false
    const deadline = {
      atMs: performance.now() + 20,
      refusal: (isRunning: boolean) => new Error(isRunning ? 'running' : 'waiting'),
      onLate: () => undefined,
    }
    await expect(queue.run(async () => void (ran = true), deadline)).rejects.toThrow('waiting')
    const next = queue.run(async () => 'next')
    gate.resolve()
    await first
    expect(await next).toBe('next')
    expect(ran).toBe(false)
  })

  test('lets the event loop run between two pieces of work', async () => {
    const queue = new SerialQueue(1_000, () => performance.now())
    let served = 0
    let servedAtImmediate: number | undefined
    setImmediate(() => (servedAtImmediate = served))
    await Promise.all(Array.from({ length: 100 }, () => queue.run(async () => (served += 1))))
    expect(servedAtImmediate).toBeLessThan(100)
  })
})

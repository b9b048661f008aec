import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { GatewayState } from './gateway-state.ts'
import { processClock } from './process-clock.ts'
import { ownTime, SharedTime } from './time-cell.ts'

describe('a time that threads share', () => {
  test.each([
    ['shared', () => new SharedTime(new BigInt64Array(new SharedArrayBuffer(8)))],
    ['own', ownTime],
  ])('is never at first, and then what was set (%s)', (_, create) => {
    const time = create()
    expect(time.ms).toBe(-Infinity)
    for (const ms of [0.001, 1234.5, 1e12, Infinity, 0, -0.5, -86_400_000, -Infinity]) {
      time.ms = ms
      expect(time.ms).toBe(ms)
    }
  })

  test('is never later than what was set', () => {
    const time = new SharedTime(new BigInt64Array(new SharedArrayBuffer(8)))
    for (const ms of [1000.000_9, 77_777.123_456_7]) {
      time.ms = ms
      expect(time.ms).toBeLessThanOrEqual(ms)
      expect(time.ms).toBeGreaterThan(ms - 0.002)
    }
  })
})

describe('the state of a gateway', () => {
  test('is one for all threads', () => {
    const first = GatewayState.create(3)
    const second = new GatewayState(structuredClone(first.memory))
    first.leaseEnd.ms = 10
    first.upToDateAt.ms = 20
    expect([second.leaseEnd.ms, second.upToDateAt.ms]).toEqual([10, 20])
    expect(second.removed.isSet).toBe(false)
    first.removed.isSet = true
    expect(second.removed.isSet).toBe(true)
    first.removed.isSet = false
    expect(second.removed.isSet).toBe(false)
    expect([first.nextRequest(), second.nextRequest(), first.nextRequest()]).toEqual([1, 2, 3])
    first.setExchanges(0, 2)
    second.setExchanges(2, 5)
    first.setExchanges(0, 1)
    expect([first.exchanges, second.exchanges]).toEqual([6, 6])
  })
})

test('the clock of a process shows the same in threads that begin at different times', async () => {
  const program = `
    const { parentPort } = require('node:worker_threads')
    import(${JSON.stringify(new URL('./process-clock.ts', import.meta.url).href)}).then(({ processClock }) => {
      const clock = processClock()
      parentPort.on('message', () => parentPort.postMessage(clock()))
      parentPort.postMessage('ready')
    })`
  const clock = processClock()
  const thread = new Worker(program, { eval: true })
  try {
    await once(thread, 'message')
    for (let round = 0; round < 5; round += 1) {
      const answer = once(thread, 'message')
      const beforeMs = clock()
      thread.postMessage('now')
      const [theirMs] = (await answer) as [number]
      const afterMs = clock()
      expect(theirMs).toBeGreaterThan(beforeMs - 1)
      expect(theirMs).toBeLessThan(afterMs + 1)
    }
  } finally {
    await thread.terminate()
  }
})

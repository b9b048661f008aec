import { describe, expect, test } from 'vitest'
import { FairQueue, type FairQueueLimits } from './fair-queue.ts'
import type { Tenant } from './fair-share.ts'

const LIMITS: FairQueueLimits = { runningMax: 3, waitingMax: 6 }

/** The tenant of an item such as `a2` or `ax2`: organization `a`, pipeline `x` if it is named. */
function tenantOf(item: string): Tenant {
  const [, organization = '', pipeline = ''] = /^([a-z])([a-z]?)/.exec(item) ?? []
  return { organization, pipeline }
}

/** A queue of waiting items, and those that it has evicted. */
function queueOf(items: readonly string[], limits = LIMITS): { queue: FairQueue<string>; evicted: string[] } {
  const evicted: string[] = []
  const queue = new FairQueue<string>(limits, (item) => evicted.push(item))
  for (const item of items) queue.add(tenantOf(item), item)
  return { queue, evicted }
}

/** Takes all items, releasing each before the next. */
function takeOneByOne(queue: FairQueue<string>): string[] {
  const taken: string[] = []
  for (let item = queue.take(); item !== undefined; item = queue.take()) {
    taken.push(item)
    queue.release(tenantOf(item))
  }
  return taken
}

describe('turns', () => {
  test('alternate between organizations, regardless of how many items one of them has added', () => {
    const { queue } = queueOf(['a1', 'a2', 'a3', 'b1', 'b2', 'c1'])
    expect(takeOneByOne(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
  })

  test('alternate between the pipelines of an organization, which has no more turns for having more of them', () => {
    const { queue } = queueOf(['ax1', 'ax2', 'ay1', 'az1', 'b1', 'b2'])
    expect(takeOneByOne(queue)).toEqual(['ax1', 'b1', 'ay1', 'b2', 'az1', 'ax2'])
  })

  test('keep the order of the items of one pipeline', () => {
    expect(takeOneByOne(queueOf(['a1', 'a2', 'a3']).queue)).toEqual(['a1', 'a2', 'a3'])
  })
})

describe('an organization runs no more items than its share', () => {
  test('while another one continues', () => {
    const { queue } = queueOf(['av1', 'aw1', 'ax1', 'ay1', 'b1'])
    expect([queue.take(), queue.take(), queue.take()]).toEqual(['av1', 'b1', undefined])
    expect([queue.running, queue.waiting]).toEqual([2, 3])
    // Another organization starts at once.
    expect(queue.start(tenantOf('c1'))).toBe(true)
    queue.release(tenantOf('c1'))
    queue.release(tenantOf('b1'))
    expect([queue.take(), queue.take()]).toEqual(['aw1', undefined])
    queue.release(tenantOf('av1'))
    expect([queue.take(), queue.take()]).toEqual(['ax1', undefined])
  })

  test('however many pipelines it has, so that another one starts at once', () => {
    const { queue } = queueOf(['av1', 'aw1', 'ax1', 'ay1'])
    expect([queue.take(), queue.take(), queue.take()]).toEqual(['av1', 'aw1', undefined])
    expect(queue.start(tenantOf('az1'))).toBe(false)
    expect(queue.start(tenantOf('b1'))).toBe(true)
  })
})

test('a pipeline leaves a place to the other pipelines of its organization', () => {
  const { queue } = queueOf(['ax1', 'ax2', 'ay1'])
  expect([queue.take(), queue.take(), queue.take()]).toEqual(['ax1', 'ay1', undefined])
})

describe('a full queue', () => {
  const small: FairQueueLimits = { runningMax: 3, waitingMax: 3 }

  test('evicts the newest item of the longest pipeline of the longest organization', () => {
    const { queue, evicted } = queueOf(['a1', 'a2', 'a3', 'b1'], small)
    expect(evicted).toEqual(['a3'])
    expect(takeOneByOne(queue)).toEqual(['a1', 'b1', 'a2'])
    expect(queueOf(['ax1', 'ax2', 'ay1', 'b1'], small).evicted).toEqual(['ax2'])
    expect(queueOf(['b1', 'ax1', 'ay1', 'b2'], small).evicted).toEqual(['ay1'])
  })

  test('evicts the new item when its own organization is the longest, or as long as the others', () => {
    expect(queueOf(['a1', 'a2', 'b1', 'a3'], small).evicted).toEqual(['a3'])
    expect(queueOf(['a1', 'b1', 'c1', 'd1'], small).evicted).toEqual(['d1'])
  })

  test('counts sizes too, and evicts as many items as needed', () => {
    const evicted: string[] = []
    const limits = { runningMax: 3, waitingMax: 100, waitingSizeMax: 10 }
    const queue = new FairQueue<string>(limits, (item) => evicted.push(item))
    for (const item of ['a1', 'a2', 'a3']) queue.add(tenantOf(item), item, 3)
    queue.add(tenantOf('b1'), 'b1', 5)
    expect(evicted).toEqual(['a3', 'a2'])
    queue.add(tenantOf('c1'), 'c1', 11)
    expect(evicted).toEqual(['a3', 'a2', 'c1'])
    expect(takeOneByOne(queue)).toEqual(['a1', 'b1'])
    queue.add(tenantOf('d1'), 'd1', 10)
    expect(queue.waiting).toBe(1)
  })
})

describe('a waiting item can be removed', () => {
  test('before its turn, and only once', () => {
    const { queue } = queueOf(['a1', 'a2', 'b1'])
    expect(queue.remove(tenantOf('a1'), 'a1')).toBe(true)
    expect(queue.remove(tenantOf('a1'), 'a1')).toBe(false)
    expect(queue.remove(tenantOf('c1'), 'c1')).toBe(false)
    expect(queue.waiting).toBe(2)
    expect(takeOneByOne(queue)).toEqual(['a2', 'b1'])
  })

  test('together with all the others', () => {
    const { queue } = queueOf(['a1', 'a2', 'b1'])
    expect(queue.clear()).toEqual(['a1', 'a2', 'b1'])
    expect([queue.waiting, queue.take()]).toEqual([0, undefined])
  })
})

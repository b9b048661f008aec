import { describe, expect, test } from 'vitest'
import { FairQueue } from './fair-queue.ts'

const LIMITS = { waitingMax: 6, groupWaitingMax: 4, groupRunningMax: 2 }

/** A queue of waiting items, each written as its group and a number. */
function queueOf(...items: string[]): FairQueue<string> {
  const queue = new FairQueue<string>(LIMITS)
  for (const item of items) expect(queue.add(groupOf(item), item)).toBe(true)
  return queue
}

function groupOf(item: string): string {
  return item.charAt(0)
}

/** Takes all items, releasing each before the next. */
function takeOneByOne(queue: FairQueue<string>): string[] {
  const taken: string[] = []
  for (let item = queue.take(); item !== undefined; item = queue.take()) {
    taken.push(item)
    queue.release(groupOf(item))
  }
  return taken
}

describe('groups take turns', () => {
  test('regardless of how many items one of them has added', () => {
    expect(takeOneByOne(queueOf('a1', 'a2', 'a3', 'b1', 'b2', 'c1'))).toEqual([
      'a1',
      'b1',
      'c1',
      'a2',
      'b2',
      'a3',
    ])
  })

  test('and items of one group keep their order', () => {
    expect(takeOneByOne(queueOf('a1', 'a2', 'a3'))).toEqual(['a1', 'a2', 'a3'])
  })
})

describe('a group runs no more items than its limit', () => {
  test('while another group continues', () => {
    const queue = queueOf('a1', 'a2', 'a3', 'a4', 'b1')
    expect([queue.take(), queue.take(), queue.take(), queue.take()]).toEqual(['a1', 'b1', 'a2', undefined])
    expect(queue.size).toBe(2)
    queue.release('a')
    expect([queue.take(), queue.take()]).toEqual(['a3', undefined])
  })
})

describe('the number of waiting items is bounded', () => {
  test('per group', () => {
    const queue = queueOf('a1', 'a2', 'a3', 'a4')
    expect(queue.add('a', 'a5')).toBe(false)
    expect(queue.add('b', 'b1')).toBe(true)
    queue.take()
    expect(queue.add('a', 'a5')).toBe(true)
  })

  test('and in total', () => {
    const queue = queueOf('a1', 'a2', 'a3', 'b1', 'b2', 'b3')
    expect(queue.add('c', 'c1')).toBe(false)
    expect(queue.size).toBe(6)
  })
})

describe('a waiting item can be removed', () => {
  test('before its turn, and only once', () => {
    const queue = queueOf('a1', 'a2', 'b1')
    queue.remove('a', 'a1')
    queue.remove('a', 'a1')
    queue.remove('c', 'c1')
    expect(queue.size).toBe(2)
    expect(takeOneByOne(queue)).toEqual(['a2', 'b1'])
  })

  test('together with all the others', () => {
    const queue = queueOf('a1', 'a2', 'b1')
    expect(queue.clear()).toEqual(['a1', 'a2', 'b1'])
    expect([queue.size, queue.take()]).toEqual([0, undefined])
  })
})

describe('a full queue with an eviction handler', () => {
  /** A queue of at most three items, and the items that it has evicted. */
  function evictingQueue(...items: string[]): { queue: FairQueue<string>; evicted: string[] } {
    const evicted: string[] = []
    const queue = new FairQueue<string>({ waitingMax: 3 }, (item) => evicted.push(item))
    for (const item of items) queue.add(groupOf(item), item)
    return { queue, evicted }
  }

  test('evicts the newest item of its longest group', () => {
    const { queue, evicted } = evictingQueue('a1', 'a2', 'a3', 'b1')
    expect(evicted).toEqual(['a3'])
    expect(takeOneByOne(queue)).toEqual(['a1', 'b1', 'a2'])
  })

  test('evicts the new item when its own group is the longest, or as long as the others', () => {
    expect(evictingQueue('a1', 'a2', 'b1', 'a3').evicted).toEqual(['a3'])
    expect(evictingQueue('a1', 'b1', 'c1', 'd1').evicted).toEqual(['d1'])
  })
})

import { describe, expect, test } from 'vitest'
import { FairLine } from './fair-line.ts'

const LIMITS = { waitingMax: 6, groupWaitingMax: 4, groupRunningMax: 2 }

/** A line in which items wait, each written as its group and a number. */
function lineOf(...items: string[]): FairLine<string> {
  const line = new FairLine<string>(LIMITS)
  for (const item of items) expect(line.add(groupOf(item), item)).toBe(true)
  return line
}

function groupOf(item: string): string {
  return item.charAt(0)
}

/** Takes what can be taken, with each item released before the next. */
function takeOneByOne(line: FairLine<string>): string[] {
  const taken: string[] = []
  for (let item = line.take(); item !== undefined; item = line.take()) {
    taken.push(item)
    line.release(groupOf(item))
  }
  return taken
}

describe('groups take turns', () => {
  test('however many items one of them has brought', () => {
    expect(takeOneByOne(lineOf('a1', 'a2', 'a3', 'b1', 'b2', 'c1'))).toEqual([
      'a1',
      'b1',
      'c1',
      'a2',
      'b2',
      'a3',
    ])
  })

  test('and within a group who came first goes first', () => {
    expect(takeOneByOne(lineOf('a1', 'a2', 'a3'))).toEqual(['a1', 'a2', 'a3'])
  })
})

describe('a group has no more under way than its share', () => {
  test('while another goes on', () => {
    const line = lineOf('a1', 'a2', 'a3', 'a4', 'b1')
    expect([line.take(), line.take(), line.take(), line.take()]).toEqual(['a1', 'b1', 'a2', undefined])
    expect(line.size).toBe(2)
    line.release('a')
    expect([line.take(), line.take()]).toEqual(['a3', undefined])
  })
})

describe('a line is bounded', () => {
  test('for each group', () => {
    const line = lineOf('a1', 'a2', 'a3', 'a4')
    expect(line.add('a', 'a5')).toBe(false)
    expect(line.add('b', 'b1')).toBe(true)
    line.take()
    expect(line.add('a', 'a5')).toBe(true)
  })

  test('and for all together', () => {
    const line = lineOf('a1', 'a2', 'a3', 'b1', 'b2', 'b3')
    expect(line.add('c', 'c1')).toBe(false)
    expect(line.size).toBe(6)
  })
})

describe('an item leaves the line', () => {
  test('before its turn, and only once', () => {
    const line = lineOf('a1', 'a2', 'b1')
    line.remove('a', 'a1')
    line.remove('a', 'a1')
    line.remove('c', 'c1')
    expect(line.size).toBe(2)
    expect(takeOneByOne(line)).toEqual(['a2', 'b1'])
  })

  test('with all the others', () => {
    const line = lineOf('a1', 'a2', 'b1')
    expect(line.clear()).toEqual(['a1', 'a2', 'b1'])
    expect([line.size, line.take()]).toEqual([0, undefined])
  })
})

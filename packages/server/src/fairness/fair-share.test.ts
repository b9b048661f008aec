import { describe, expect, test } from 'vitest'
import { FairShare, type Tenant } from './fair-share.ts'

function tenant(organization: string, pipeline = 'one'): Tenant {
  return { organization, pipeline }
}

/** Takes single units until one is refused. @returns how many were taken */
function takeAll(share: FairShare, user: Tenant): number {
  let taken = 0
  while (share.take(user)) taken += 1
  return taken
}

/** Takes single units with as many pipelines as it takes. */
function takeAllOf(share: FairShare, organization: string): number {
  let taken = 0
  for (let pipeline = 0; pipeline < 50; pipeline += 1)
    taken += takeAll(share, tenant(organization, `${pipeline}`))
  return taken
}

describe('an organization', () => {
  test('that is alone can hold three quarters, and one of its pipelines more than half', () => {
    expect(takeAllOf(new FairShare(1024), 'a')).toBe(768)
    expect(takeAll(new FairShare(1024), tenant('a'))).toBe(576)
  })

  test('that arrives while another one holds all that it can get still gets its place', () => {
    const share = new FairShare(1024)
    takeAllOf(share, 'a')
    expect(takeAllOf(share, 'b')).toBe(192)
    expect(takeAllOf(share, 'c')).toBe(48)
    expect(takeAllOf(share, 'd')).toBe(16)
    expect(share.used).toBe(1024)
  })

  test('above its share gets nothing more until it is below it again', () => {
    const share = new FairShare(1024)
    takeAllOf(share, 'a')
    takeAllOf(share, 'b')
    for (let returned = 0; returned < 100; returned += 1) share.give(tenant('a', '0'))
    expect(share.take(tenant('a', '0'))).toBe(false)
    expect(takeAllOf(share, 'c')).toBeGreaterThan(100)
  })

  test.each([
    [1, 1],
    [2, 1],
    [3, 2],
    [4, 3],
    [64, 48],
  ])('of %i units can hold %i, so that one is free for a newcomer', (capacity, held) => {
    const share = new FairShare(capacity)
    expect(takeAllOf(share, 'a')).toBe(held)
    expect(share.take(tenant('b'))).toBe(capacity > 1)
  })

  test('is forgotten when it holds nothing', () => {
    const share = new FairShare(4)
    expect(share.take(tenant('a'), 2)).toBe(true)
    share.give(tenant('a'), 2)
    share.give(tenant('a'), 2)
    expect(share.used).toBe(0)
    expect(takeAllOf(share, 'a')).toBe(3)
  })
})

test('a pipeline leaves room for the other pipelines of its organization', () => {
  const share = new FairShare(1024)
  const first = takeAll(share, tenant('a', 'first'))
  const second = takeAll(share, tenant('a', 'second'))
  expect(first + second).toBeLessThan(768)
  expect(second).toBeGreaterThanOrEqual(50)
  expect(share.take(tenant('b'))).toBe(true)
})

test('several units are taken together or not at all', () => {
  const share = new FairShare(100)
  expect(share.take(tenant('a'), 76)).toBe(false)
  expect(share.used).toBe(0)
  expect(share.take(tenant('a'), 50)).toBe(true)
  expect(share.take(tenant('b'), 41)).toBe(false)
  expect(share.take(tenant('b'), 20)).toBe(true)
})

test('the minimum is available to each organization while anything is free', () => {
  const share = new FairShare(16, { minimum: 2 })
  takeAllOf(share, 'a')
  takeAllOf(share, 'b')
  expect(takeAllOf(share, 'c')).toBe(1)
  expect(share.take(tenant('d'))).toBe(false)
  share.give(tenant('a', '0'))
  expect(share.take(tenant('d'))).toBe(true)
})

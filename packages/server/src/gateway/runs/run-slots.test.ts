import { expect, test } from 'vitest'
import type { Tenant } from '../../fairness/fair-share.ts'
import { RunSlots, type RunSlot } from './run-slots.ts'

const MIB = 1024 * 1024

function tenant(organization: string, pipeline = 'prod orders'): Tenant {
  return { organization, pipeline }
}

function take(slots: RunSlots, user: Tenant, count: number): (RunSlot | undefined)[] {
  return Array.from({ length: count }, () => slots.acquire(user))
}

function release(slot: RunSlot | undefined): void {
  slot?.[Symbol.dispose]()
}

test('an organization takes at most three quarters of the slots, with however many pipelines', () => {
  const slots = new RunSlots()
  const first = take(slots, tenant('first', 'prod a'), 512)
  const second = take(slots, tenant('first', 'prod b'), 512)
  expect(first).not.toContain(undefined)
  expect(second).toContain(undefined)
  expect(slots.runs).toBeLessThanOrEqual(768)
  expect(take(slots, tenant('second'), 150)).not.toContain(undefined)
  const held = slots.runs
  release(first[0])
  release(first[0])
  expect(slots.runs).toBe(held - 1)
  // The organization is above its share while another one uses the slots too.
  expect(slots.acquire(tenant('first', 'prod a'))).toBeUndefined()
  expect(slots.acquire(tenant('second'))).toBeDefined()
})

test('an organization holds at most three quarters of the bytes, and its slow bodies leave room for others', () => {
  const slots = new RunSlots()
  const many = Array.from({ length: 20 }, (_, index) => slots.acquire(tenant('first', `prod ${index}`)))
  const held = many.filter((slot) => slot?.hold(7 * MIB) === true)
  expect(held).toHaveLength(13)
  expect(slots.contentBytes).toBeLessThanOrEqual(96 * MIB)
  const other = slots.acquire(tenant('second'))
  expect([other?.hold(7 * MIB), other?.hold(7 * MIB)]).toEqual([true, true])
  for (const slot of [...many, other]) release(slot)
  expect([slots.runs, slots.contentBytes]).toEqual([0, 0])
})

test('a released slot cannot hold bytes', () => {
  const slots = new RunSlots()
  const slot = slots.acquire(tenant('first'))
  release(slot)
  expect(slot?.hold(1)).toBe(false)
  expect(slots.contentBytes).toBe(0)
})

import { expect, test } from 'vitest'
import { RunSlots, type RunSlot } from './run-slots.ts'

const MIB = 1024 * 1024

function take(slots: RunSlots, pipeline: string, count: number): (RunSlot | undefined)[] {
  return Array.from({ length: count }, () => slots.acquire(pipeline))
}

function release(slot: RunSlot | undefined): void {
  slot?.[Symbol.dispose]()
}

test('the number of slots is limited, and a pipeline gets at most half of them', () => {
  const slots = new RunSlots()
  const first = take(slots, 'first', 512)
  expect(first).not.toContain(undefined)
  expect(slots.acquire('first')).toBeUndefined()
  expect(take(slots, 'second', 511)).not.toContain(undefined)
  expect(take(slots, 'third', 2)).toEqual([expect.anything(), undefined])
  release(first[0])
  release(first[0])
  expect(slots.runs).toBe(1023)
  expect(take(slots, 'first', 2)).toEqual([expect.anything(), undefined])
})

test('the bytes of all slots are limited, and a pipeline gets at most half of them', () => {
  const slots = new RunSlots()
  const [first, second] = take(slots, 'first', 2)
  const [third, fourth] = [slots.acquire('third'), slots.acquire('fourth')]
  expect([first?.hold(60 * MIB), second?.hold(4 * MIB), second?.hold(1)]).toEqual([true, true, false])
  expect([third?.hold(64 * MIB), fourth?.hold(1)]).toEqual([true, false])
  release(first)
  expect([second?.hold(60 * MIB), second?.hold(1)]).toEqual([true, false])
  for (const slot of [first, second, third, fourth]) release(slot)
  expect([slots.runs, slots.contentBytes]).toEqual([0, 0])
})

test('a released slot cannot hold bytes', () => {
  const slots = new RunSlots()
  const slot = slots.acquire('first')
  release(slot)
  expect(slot?.hold(1)).toBe(false)
  expect(slots.contentBytes).toBe(0)
})

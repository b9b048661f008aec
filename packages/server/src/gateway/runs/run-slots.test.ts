import { expect, test } from 'vitest'
import { RunSlots, type RunSlot } from './run-slots.ts'

const MIB = 1024 * 1024

function take(places: RunSlots, pipeline: string, count: number): (RunSlot | undefined)[] {
  return Array.from({ length: count }, () => places.acquire(pipeline))
}

function leave(place: RunSlot | undefined): void {
  place?.[Symbol.dispose]()
}

test('there are so many places and no more, of which no pipeline gets more than half', () => {
  const places = new RunSlots()
  const first = take(places, 'first', 512)
  expect(first).not.toContain(undefined)
  expect(places.acquire('first')).toBeUndefined()
  expect(take(places, 'second', 511)).not.toContain(undefined)
  expect(take(places, 'third', 2)).toEqual([expect.anything(), undefined])
  leave(first[0])
  leave(first[0])
  expect(places.runs).toBe(1023)
  expect(take(places, 'first', 2)).toEqual([expect.anything(), undefined])
})

test('they hold so many bytes together, and half of that for each pipeline', () => {
  const places = new RunSlots()
  const [first, second] = take(places, 'first', 2)
  const [third, fourth] = [places.acquire('third'), places.acquire('fourth')]
  expect([first?.hold(60 * MIB), second?.hold(4 * MIB), second?.hold(1)]).toEqual([true, true, false])
  expect([third?.hold(64 * MIB), fourth?.hold(1)]).toEqual([true, false])
  leave(first)
  expect([second?.hold(60 * MIB), second?.hold(1)]).toEqual([true, false])
  for (const place of [first, second, third, fourth]) leave(place)
  expect([places.runs, places.contentBytes]).toEqual([0, 0])
})

test('a place that was given back holds nothing any more', () => {
  const places = new RunSlots()
  const place = places.acquire('first')
  leave(place)
  expect(place?.hold(1)).toBe(false)
  expect(places.contentBytes).toBe(0)
})

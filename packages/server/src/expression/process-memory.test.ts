import { expect, test } from 'vitest'
import { residentBytes } from './process-memory.ts'

test('reads the resident memory of a process on Linux', () => {
  const bytes = residentBytes(process.pid)
  if (process.platform !== 'linux') {
    expect(bytes).toBeUndefined()
    return
  }
  const rss = process.memoryUsage.rss()
  expect(bytes).toBeGreaterThan(rss / 2)
  expect(bytes).toBeLessThan(rss * 2)
})

test('returns undefined for a process that does not exist', () => {
  // Process ids are below 2^22 on Linux.
  expect(residentBytes(2 ** 22 + 1)).toBeUndefined()
})

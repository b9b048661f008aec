import { expect, test } from 'vitest'
import { residentBytes } from './process-memory.ts'

test('The memory of a process is told where the system keeps it in a file', () => {
  const bytes = residentBytes(process.pid)
  if (process.platform !== 'linux') {
    expect(bytes).toBeUndefined()
    return
  }
  const told = process.memoryUsage.rss()
  expect(bytes).toBeGreaterThan(told / 2)
  expect(bytes).toBeLessThan(told * 2)
})

test('There is none of a process that there is not', () => {
  // Process numbers end below 2^22 on Linux.
  expect(residentBytes(2 ** 22 + 1)).toBeUndefined()
})

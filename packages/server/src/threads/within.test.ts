import { expect, test } from 'vitest'
import { isDoneWithin } from './within.ts'

test('work is waited for, but not longer than its time', async () => {
  const never = new Promise<void>(() => undefined)
  expect(await isDoneWithin(60_000, Promise.resolve())).toBe(true)
  await expect(isDoneWithin(60_000, Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(await isDoneWithin(1, never)).toBe(false)
})

test('work that fails too late is no unhandled error', async () => {
  const late = Promise.withResolvers<void>()
  expect(await isDoneWithin(1, late.promise)).toBe(false)
  late.reject(new Error('too late'))
  await new Promise((resolve) => setTimeout(resolve, 1))
})

import { expect, test } from 'vitest'
import { SharedRuns } from './shared-runs.ts'

/** Runs that end when the test says so. */
function heldRuns(rest?: () => Promise<void>) {
  const held: PromiseWithResolvers<number>[] = []
  const runs = new SharedRuns(async () => {
    const own = Promise.withResolvers<number>()
    held.push(own)
    return await own.promise
  }, rest)
  return { runs, held }
}

test('callers that ask before a run begins share it, and those that ask later get another one', async () => {
  const { runs, held } = heldRuns()
  const early = [runs.run(), runs.run()]
  await expect.poll(() => held).toHaveLength(1)
  const late = [runs.run(), runs.run()]
  held[0]?.resolve(1)
  expect(await Promise.all(early)).toEqual([1, 1])
  await expect.poll(() => held).toHaveLength(2)
  held[1]?.resolve(2)
  expect(await Promise.all(late)).toEqual([2, 2])
  expect(held).toHaveLength(2)
})

test('a run that fails does so for its callers alone', async () => {
  const { runs, held } = heldRuns()
  const first = runs.run()
  await expect.poll(() => held).toHaveLength(1)
  const second = runs.run()
  held[0]?.reject(new Error('the database is gone'))
  await expect(first).rejects.toThrow('the database is gone')
  await expect.poll(() => held).toHaveLength(2)
  held[1]?.resolve(2)
  expect(await second).toBe(2)
  await runs.idle
})

test('callers that ask during the rest before a run share it', async () => {
  const resting = Promise.withResolvers<void>()
  const { runs, held } = heldRuns(() => resting.promise)
  const before = runs.run()
  await runs.idle
  const meanwhile = runs.run()
  resting.resolve()
  await expect.poll(() => held).toHaveLength(1)
  held[0]?.resolve(1)
  expect(await Promise.all([before, meanwhile])).toEqual([1, 1])
})

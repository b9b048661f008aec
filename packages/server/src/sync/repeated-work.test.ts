import { expect, test } from 'vitest'
import { repeatWork } from './repeated-work.ts'
import { eventually } from '../../../../test/support/eventually.ts'

test('work is repeated one at a time, also after a fault, until disposal, which waits for it', async () => {
  const faults: unknown[] = []
  let running = 0
  let most = 0
  let runs = 0
  const work = async (): Promise<void> => {
    running += 1
    most = Math.max(most, running)
    await new Promise((resolve) => setTimeout(resolve, 5))
    running -= 1
    runs += 1
    if (runs === 1) throw new Error('the first one')
  }
  const repeated = repeatWork(work, 1, (cause) => faults.push(cause))
  await eventually(() => {
    expect(runs).toBeGreaterThan(3)
  })
  await repeated[Symbol.asyncDispose]()
  expect(running).toBe(0)
  const last = runs
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(runs).toBe(last)
  expect(most).toBe(1)
  expect(faults).toEqual([new Error('the first one')])
})

import { Problem } from '@sallyport/core'
import { expect, test } from 'vitest'
import { SlowLanes } from './slow-lanes.ts'

const OPTIONS = { pauseMs: 20, waitingMax: 3, detail: 'Wait.' }
const wrong = async (): Promise<never> => await Promise.reject(new Problem('unauthenticated'))
const right = async (): Promise<string> => await Promise.resolve('in')

function tenant(organization: string) {
  return { organization, pipeline: '' }
}

async function codeOf(attempt: Promise<unknown>): Promise<unknown> {
  return await attempt.catch((error: unknown) => (error instanceof Problem ? error.code : error))
}

test('a failed attempt keeps its lane for a pause, and a success does not', async () => {
  const lanes = new SlowLanes(OPTIONS)
  const startMs = performance.now()
  await lanes.run('a', tenant('x'), right)
  const rightMs = performance.now() - startMs
  expect(await codeOf(lanes.run('a', tenant('x'), wrong))).toBe('unauthenticated')
  // Timers may fire up to a millisecond early.
  expect(performance.now() - startMs - rightMs).toBeGreaterThanOrEqual(OPTIONS.pauseMs - 1)
  expect(lanes.size).toBe(0)
})

test('tenants take turns, lanes are independent, and nothing stays in memory', async () => {
  const lanes = new SlowLanes(OPTIONS)
  const order: string[] = []
  const attempt = (lane: string, name: string, id: string, prove: () => Promise<unknown>) =>
    codeOf(lanes.run(lane, tenant(name), prove)).then(() => order.push(id))
  await Promise.all([
    attempt('a', 'attacker', 'attacker 1', wrong),
    attempt('a', 'attacker', 'attacker 2', wrong),
    attempt('a', 'attacker', 'attacker 3', wrong),
    attempt('a', 'person', 'person', right),
    attempt('b', 'another', 'another lane', right),
  ])
  expect(order).toEqual(['another lane', 'attacker 1', 'attacker 2', 'person', 'attacker 3'])
  expect(lanes.size).toBe(0)
})

test('a full lane refuses those who wait most in it, with 429', async () => {
  const lanes = new SlowLanes(OPTIONS)
  const attacks = Array.from({ length: 6 }, () => codeOf(lanes.run('a', tenant('attacker'), wrong)))
  const person = codeOf(lanes.run('a', tenant('person'), right))
  expect(await person).toBe('in')
  const codes = await Promise.all(attacks)
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(3)
  expect(codes.filter((code) => code === 'unauthenticated')).toHaveLength(3)
})

test('an error that is no refusal is passed on at once', async () => {
  const lanes = new SlowLanes({ ...OPTIONS, pauseMs: 60_000 })
  const fault = new Error('a fault')
  await expect(lanes.run('a', tenant('x'), () => Promise.reject(fault))).rejects.toBe(fault)
})

import { expect, test } from 'vitest'
import { BeginLimits } from './begin-limits.ts'
import { SharedLimit } from './shared-limit.ts'

const LIMIT = { requests: 3_000, per: 'minute' } as const

async function usedUp(): Promise<SharedLimit> {
  const limit = new SharedLimit(() => 0, LIMIT, 'Too many.')
  for (let index = 0; index < LIMIT.requests; index += 1) await limit.take('192.0.2.1')
  return limit
}

test('beyond the limit, networks take turns, even if one of them used it up', async () => {
  const limit = await usedUp()
  const order: string[] = []
  const take = async (name: string, address: string): Promise<void> => {
    await limit.take(address)
    order.push(name)
  }
  const attacker = Array.from({ length: 4 }, (_, index) => take(`attacker ${index}`, `192.0.2.${index}`))
  await Promise.all([...attacker, take('person', '198.51.100.1')])
  // The attacker's first two were there before: one has begun, and one has waited for longer.
  expect(order.indexOf('person')).toBeLessThan(3)
  expect(order).toHaveLength(5)
})

test('as many in a time as the limit has', async () => {
  const limit = await usedUp()
  const startMs = performance.now()
  await Promise.all(Array.from({ length: 5 }, (_, index) => limit.take(`192.0.${index}.1`)))
  // 20 ms each; timers can be a millisecond early.
  expect(performance.now() - startMs).toBeGreaterThan(5 * 19)
})

test('a network that waits with many loses its own, and is told to wait', async () => {
  const limit = await usedUp()
  const flood = Array.from({ length: 300 }, (_, index) => limit.take(`2001:db8:1:${index.toString(16)}::1`))
  const settled = Promise.allSettled(flood)
  await limit.take('198.51.100.1')
  const refused = (await settled).filter(({ status }) => status === 'rejected')
  expect(refused.length).toBeGreaterThan(100)
  expect(refused[0]).toMatchObject({ reason: { code: 'rate_limited', detail: 'Too many.' } })
})

test('sign-ins that begin at other addresses do not keep one from beginning', async () => {
  const limits = new BeginLimits(() => 0)
  for (let index = 0; index < 1_000; index += 1) await limits.count(`10.${index % 20}.0.1`)
  await limits.count('192.0.2.1')
  for (let index = 0; index < 10; index += 1) await limits.count('10.0.0.1')
  await expect(limits.count('10.0.0.1')).rejects.toMatchObject({ code: 'rate_limited' })
})

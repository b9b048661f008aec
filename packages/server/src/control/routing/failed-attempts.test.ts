import { makeKeyId, makeToken, Problem } from '@sallyport/core'
import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { FailedCredentials, SetupAttempts } from './failed-attempts.ts'

async function codeOf(attempt: Promise<unknown>): Promise<unknown> {
  return await attempt.then(
    () => 'counted',
    (error: unknown) => (error instanceof Problem ? error.code : error),
  )
}

/** How often each code came. */
function tally(codes: readonly unknown[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const code of codes) counts[String(code)] = (counts[String(code)] ?? 0) + 1
  return counts
}

describe('wrong credentials', () => {
  const token = () => makeToken('secret', makeKeyId(randomBytes), randomBytes)

  test('are counted by address, and by network for IPv6', async () => {
    const failures = new FailedCredentials(
      () => 0,
      () => Promise.resolve(true),
    )
    const fail = (ip: string) => codeOf(failures.count({ ip }, token()))
    const rotated = Array.from({ length: 150 }, (_, index) => fail(`2001:db8:0:1::${index.toString(16)}`))
    expect(tally(await Promise.all(rotated))).toEqual({ counted: 100, rate_limited: 50 })
    expect(await fail('2001:db8:0:2::1')).toBe('counted')
    expect(await fail('192.0.2.1')).toBe('counted')
  })

  test('are counted by the key that they name, from all addresses together', async () => {
    const clock = { nowMs: 0 }
    const failures = new FailedCredentials(
      () => clock.nowMs,
      () => Promise.resolve(true),
    )
    const attacked = token()
    const many = Array.from({ length: 120 }, (_, index) =>
      codeOf(failures.count({ ip: `10.0.${index}.1` }, attacked)),
    )
    expect(tally(await Promise.all(many))).toEqual({ counted: 100, rate_limited: 20 })
    expect(await codeOf(failures.count({ ip: '10.1.0.1' }, token()))).toBe('counted')
    clock.nowMs += 60_000
    expect(await codeOf(failures.count({ ip: '10.0.1.1' }, attacked))).toBe('counted')
  })

  test('are counted together while there is no organization, and not by it any more afterwards', async () => {
    let [isSetUp, asked] = [false, 0]
    const failures = new FailedCredentials(
      () => 0,
      () => {
        asked += 1
        return Promise.resolve(isSetUp)
      },
    )
    const fail = (index: number) =>
      codeOf(failures.count({ ip: `10.${index >> 8}.${index & 255}.1` }, token()))
    const early = Array.from({ length: 310 }, (_, index) => fail(index))
    expect(tally(await Promise.all(early))).toEqual({ counted: 300, rate_limited: 10 })
    isSetUp = true
    expect(await fail(400)).toBe('counted')
    const before = asked
    expect(await fail(401)).toBe('counted')
    expect(asked).toBe(before)
  })
})

describe('wrong set-up tokens', () => {
  const wrong = (): never => {
    throw new Problem('unauthenticated')
  }
  const right = (): void => undefined

  test('of one address are not compared after ten, whatever address of its network sends them', async () => {
    const attempts = new SetupAttempts(() => 0)
    for (let index = 0; index < 10; index += 1) {
      expect(await codeOf(attempts.attempt({ ip: `2001:db8:0:1::${index}` }, wrong))).toBe('unauthenticated')
    }
    const compared = { count: 0 }
    const last = attempts.attempt({ ip: '2001:db8:0:1::ff' }, () => void (compared.count += 1))
    expect(await codeOf(last)).toBe('rate_limited')
    expect(compared.count).toBe(0)
    expect(await codeOf(attempts.attempt({ ip: '2001:db8:0:2::1' }, right))).toBe('counted')
  })

  test('of many addresses become slow, and the right one of another address still works', async () => {
    const attempts = new SetupAttempts(() => 0, 5)
    const fail = (index: number) => codeOf(attempts.attempt({ ip: `10.${index}.0.1` }, wrong))
    expect(tally(await Promise.all(Array.from({ length: 60 }, (_, index) => fail(index))))).toEqual({
      unauthenticated: 60,
    })
    const ended: string[] = []
    const attack = Array.from({ length: 20 }, (_, index) =>
      fail(100 + index).then(() => ended.push('attack')),
    )
    const operator = codeOf(attempts.attempt({ ip: '192.0.2.1' }, right)).then((code) =>
      ended.push(String(code)),
    )
    await Promise.all([...attack, operator])
    // One by one, in turns.
    expect(ended).toEqual([...Array<string>(20).fill('attack'), 'counted'])
  })

  test('of many addresses of one network do not take the places of others', async () => {
    const attempts = new SetupAttempts(() => 0, 1)
    const fail = (index: number) => codeOf(attempts.attempt({ ip: `10.0.0.${index}` }, wrong))
    await Promise.all(Array.from({ length: 60 }, (_, index) => fail(index)))
    const attack = Promise.all(Array.from({ length: 180 }, (_, index) => fail(60 + index)))
    expect(await codeOf(attempts.attempt({ ip: '192.0.2.1' }, right))).toBe('counted')
    expect(tally(await attack)).toEqual({ unauthenticated: 101 - 1, rate_limited: 80 })
  })
})

import { Problem } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { SignInLimits } from './sign-in-limits.ts'

const FAILURES_MAX = 10
/** Names in memory, and more of them. */
const NAMES_MAX = 300
const MANY = 400
const ATTEMPT = { account: 'ann@example.com', address: '192.0.2.1' }

/** How an attempt ends: `in`, or the error. */
async function endOf(limits: SignInLimits, error?: Error): Promise<unknown> {
  try {
    return await limits.attempt(ATTEMPT, async () => {
      if (error !== undefined) throw error
      return await Promise.resolve('in')
    })
  } catch (caught) {
    return caught
  }
}

/** How the next attempt ends after as many as may fail have ended like this. */
async function nextAfter(error: Error): Promise<string> {
  const limits = new SignInLimits(() => 0)
  for (let index = 0; index < FAILURES_MAX; index += 1) expect(await endOf(limits, error)).toBe(error)
  const last = await endOf(limits)
  return last instanceof Problem ? last.code : String(last)
}

test.each([
  { error: new Problem('unavailable'), last: 'in' },
  { error: new Error('a fault of ours'), last: 'in' },
  { error: new Problem('sign_in_failed'), last: 'rate_limited' },
  { error: new Problem('link_invalid'), last: 'rate_limited' },
  // The password was right, but whoever has it could guess codes.
  { error: new Problem('second_factor_required'), last: 'rate_limited' },
])(
  'after ten attempts that end with "$error.message", the next one ends with $last',
  async ({ error, last }) => {
    expect(await nextAfter(error)).toBe(last)
  },
)

/** Takes every place, and every place to wait for one, until `release`. */
function fullQueue(limits: SignInLimits): {
  readonly release: () => void
  readonly others: Promise<unknown>
} {
  const { promise, resolve } = Promise.withResolvers<string>()
  const others = Array.from({ length: 202 }, (_, index) =>
    limits.attempt({ account: `other ${index}`, address: `10.0.${index}.1` }, () => promise),
  )
  return {
    others: Promise.all(others),
    release: () => {
      resolve('in')
    },
  }
}

test('an attempt that finds no free place is not a failure', async () => {
  const limits = new SignInLimits(() => 0)
  const { release, others } = fullQueue(limits)
  for (let index = 0; index < FAILURES_MAX; index += 1) {
    expect(await endOf(limits)).toMatchObject({ code: 'unavailable' })
  }
  release()
  await others
  expect(await endOf(limits)).toBe('in')
})

/** Fails at an account until it is limited. */
async function limitedAccount(limits: SignInLimits): Promise<void> {
  for (let index = 0; index < FAILURES_MAX; index += 1) await endOf(limits, new Problem('sign_in_failed'))
  expect(await endOf(limits)).toMatchObject({ code: 'rate_limited' })
}

test('failures from very many addresses do not free an account', async () => {
  const limits = new SignInLimits(() => 0, NAMES_MAX)
  await limitedAccount(limits)
  for (let index = 0; index < MANY; index += 1) {
    const address = `2001:db8:0:${index.toString(16)}::1`
    const guess = limits.attempt({ address }, () => Promise.reject(new Problem('link_invalid')))
    await expect(guess).rejects.toMatchObject({ code: 'link_invalid' })
  }
  expect(await endOf(limits)).toMatchObject({ code: 'rate_limited' })
})

test('attempts at very many accounts that find no free place do not free another account', async () => {
  const limits = new SignInLimits(() => 0, NAMES_MAX)
  await limitedAccount(limits)
  const { release, others } = fullQueue(limits)
  for (let index = 0; index < MANY; index += 1) {
    const guess = limits.attempt({ account: `many ${index}`, address: '192.0.2.2' }, () => Promise.resolve())
    await expect(guess).rejects.toMatchObject({ code: 'unavailable' })
  }
  release()
  await others
  expect(await endOf(limits)).toMatchObject({ code: 'rate_limited' })
})

test('known browsers of an account are limited together, and a success in one forgets it', async () => {
  const limits = new SignInLimits(() => 0)
  let addresses = 0
  const guess = async (device: string, error?: Problem): Promise<unknown> => {
    addresses += 1
    const prove = () => (error === undefined ? Promise.resolve('in') : Promise.reject(error))
    const attempt = { ...ATTEMPT, address: `10.1.${addresses}.1`, device }
    return await limits.attempt(attempt, prove).catch((caught: unknown) => caught)
  }
  const wrong = new Problem('sign_in_failed')
  const fill = async (devices: number): Promise<void> => {
    for (let index = 0; index < devices * FAILURES_MAX; index += 1) {
      expect(await guess(`dev_${index % devices}`, wrong)).toBe(wrong)
    }
  }
  await fill(2)
  expect(await guess('dev_9')).toBe('in')
  limits.forget(ATTEMPT.account)
  await fill(3)
  expect(await guess('dev_9')).toMatchObject({ code: 'rate_limited' })
  // A stranger's own limit stays what it is, and so does that of another account.
  expect(await endOf(limits)).toBe('in')
  limits.forget(ATTEMPT.account)
  expect(await guess('dev_9')).toBe('in')
})

test('a stranger who sends what names an attempt in a session as an address does not limit it', async () => {
  const limits = new SignInLimits(() => 0)
  const account = 'confirm mem_0000000000000001'
  for (let index = 0; index < FAILURES_MAX; index += 1) {
    const guess = limits.attempt({ account, address: '192.0.2.2' }, () =>
      Promise.reject(new Problem('sign_in_failed')),
    )
    await expect(guess).rejects.toMatchObject({ code: 'sign_in_failed' })
  }
  const own = { account, address: '192.0.2.1', isInSession: true }
  expect(await limits.attempt(own, () => Promise.resolve('in'))).toBe('in')
})

describe('an attacker at the same address', () => {
  const WRONG = new Problem('sign_in_failed')

  /** Uses up the failures of the address. */
  async function attacked(): Promise<SignInLimits> {
    const limits = new SignInLimits(() => 0)
    const { address } = ATTEMPT
    for (let index = 0; index < 30; index += 1) {
      const attempt = { account: `made-up-${index}@example.com`, address }
      await expect(limits.attempt(attempt, () => Promise.reject(WRONG))).rejects.toBe(WRONG)
    }
    return limits
  }

  test.each([
    ['in a known browser', { ...ATTEMPT, device: 'known' }],
    ['in a session', { ...ATTEMPT, isInSession: true }],
    ['with what cannot be guessed', { address: ATTEMPT.address }],
  ])('keeps out no person who comes %s, and what is wrong there stays limited', async (_, attempt) => {
    const limits = await attacked()
    expect(await endOf(limits)).toMatchObject({ code: 'rate_limited' })
    expect(await limits.attempt(attempt, () => Promise.resolve('in'))).toBe('in')
    const wrong = limits.attempt(attempt, () => Promise.reject(WRONG))
    await expect(wrong).rejects.toMatchObject({
      code: 'rate_limited',
      extensions: { retryAfterSeconds: expect.any(Number) },
    })
    const outage = limits.attempt(attempt, () => Promise.reject(new Problem('unavailable')))
    await expect(outage).rejects.toMatchObject({ code: 'unavailable' })
    expect(await limits.attempt(attempt, () => Promise.resolve('in'))).toBe('in')
  })

  test('has no more guesses in a known browser of another person than that browser has', async () => {
    const limits = await attacked()
    const attempt = { ...ATTEMPT, device: 'known' }
    for (let index = 0; index < FAILURES_MAX; index += 1) {
      await expect(limits.attempt(attempt, () => Promise.reject(WRONG))).rejects.toMatchObject({
        code: 'rate_limited',
      })
    }
    await expect(limits.attempt(attempt, () => Promise.resolve('in'))).rejects.toMatchObject({
      code: 'rate_limited',
    })
  })
})

test('requests about an account from other networks do not keep its person from making one', async () => {
  const limits = new SignInLimits(() => 0)
  const { account } = ATTEMPT
  for (let index = 0; index < 10; index += 1) {
    await limits.request({ account, address: `198.51.${index}.1` })
    await limits.request({ account, address: `203.0.113.${index}` })
  }
  await limits.request(ATTEMPT)
  await expect(limits.request({ account, address: '203.0.113.99' })).rejects.toMatchObject({
    code: 'rate_limited',
  })
})

describe('an attacker with many addresses', () => {
  const WRONG = new Problem('sign_in_failed')
  /** In ms; long enough that two attempts in one lane are never over at the same time. */
  const SLOW_MS = 40

  /** How an attempt from an address ends. */
  async function end(
    limits: SignInLimits,
    address: string,
    error?: Error,
    account = ATTEMPT.account,
  ): Promise<unknown> {
    const prove = () => (error === undefined ? Promise.resolve('in') : Promise.reject(error))
    return await limits.attempt({ account, address }, prove).catch((caught: unknown) => caught)
  }

  /** Uses up the failures of the account. */
  async function attacked(clock: { nowMs: number } = { nowMs: 0 }): Promise<SignInLimits> {
    const limits = new SignInLimits(() => clock.nowMs, NAMES_MAX, SLOW_MS)
    for (let index = 0; index < 30; index += 1) {
      expect(await end(limits, `198.51.${index % 10}.${index}`, WRONG)).toBe(WRONG)
    }
    return limits
  }

  test('keeps other people able to sign in, and has no further guess', async () => {
    const limits = await attacked()
    for (let index = 0; index < 10; index += 1) {
      const guess = await end(limits, `198.51.${index}.200`)
      expect(guess).toMatchObject({
        code: 'rate_limited',
        extensions: { retryAfterSeconds: expect.any(Number) },
      })
    }
    expect(await end(limits, '192.0.2.1')).toBe('in')
    expect(await end(limits, '2001:db8:1::1')).toBe('in')
    expect(await end(limits, '198.51.0.200', undefined, 'another@example.com')).toBe('in')
  })

  test('has few guesses in each further network, one after the other', async () => {
    const limits = await attacked()
    const codes: unknown[] = []
    for (let index = 0; index < 5; index += 1) {
      // Further networks of 64 bits, all of one customer.
      const guess = await end(limits, `2001:db8:2:${index.toString(16)}::1`, WRONG)
      codes.push(guess instanceof Problem ? guess.code : guess)
    }
    expect(codes).toEqual([...Array<string>(3).fill('sign_in_failed'), 'rate_limited', 'rate_limited'])
    const order: string[] = []
    const guesses = Array.from({ length: 3 }, async (_, index) => {
      await end(limits, `203.0.${index}.1`, WRONG)
      order.push(`guess ${index}`)
    })
    const person = end(limits, '192.0.2.1').then((result) => order.push(String(result)))
    await Promise.all([...guesses, person])
    expect(order).toEqual(['guess 0', 'guess 1', 'guess 2', 'in'])
  })

  test('keeps a person out no longer than its failures count', async () => {
    const clock = { nowMs: 0 }
    const limits = await attacked(clock)
    expect(await end(limits, '198.51.0.1')).toMatchObject({ code: 'rate_limited' })
    clock.nowMs += 3_600_000
    expect(await end(limits, '198.51.0.1')).toBe('in')
  })

  test('does not use up the limit of all accounts for networks that have not failed', async () => {
    const limits = new SignInLimits(() => 0)
    for (let index = 0; index < 1_000; index += 1) {
      await end(limits, `10.0.${index % 200}.${index % 250}`, WRONG, `a${index}@example.com`)
    }
    expect(await end(limits, '10.0.1.99', undefined, 'b@example.com')).toMatchObject({ code: 'rate_limited' })
    expect(await end(limits, '192.0.2.1', undefined, 'b@example.com')).toBe('in')
  })

  test('is forgotten with the failures of the account after a new password', async () => {
    const limits = await attacked()
    limits.forget(ATTEMPT.account)
    expect(await end(limits, '198.51.0.1')).toBe('in')
  })
})

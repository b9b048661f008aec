import { Problem } from '@sallyport/core'
import { expect, test } from 'vitest'
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

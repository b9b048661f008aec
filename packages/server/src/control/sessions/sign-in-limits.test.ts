import { Problem } from '@sallyport/core'
import { expect, test } from 'vitest'
import { SignInLimits } from './sign-in-limits.ts'

const FAILURES_MAX = 10
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

test('an attempt that finds no free place is not a failure', async () => {
  const limits = new SignInLimits(() => 0)
  let release = (): void => undefined
  const held = new Promise<string>((resolve) => {
    release = () => {
      resolve('in')
    }
  })
  const others = Array.from({ length: 202 }, (_, index) =>
    limits.attempt({ account: `other ${index}`, address: `10.0.${index}.1` }, () => held),
  )
  for (let index = 0; index < FAILURES_MAX; index += 1) {
    expect(await endOf(limits)).toMatchObject({ code: 'unavailable' })
  }
  release()
  await Promise.all(others)
  expect(await endOf(limits)).toBe('in')
})

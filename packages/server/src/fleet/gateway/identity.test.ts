import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { fleetKeys } from '../../crypto/derived/fleet-keys.ts'
import { newEnrolmentToken } from '../stream/credentials.ts'
import { Identity } from './identity.ts'

const key = randomBytes(32)
const shared = { records: 'r', importedKeyIds: 'i', counters: 'c' }
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-identity-'))
})
afterEach(async () => await rm(folder, { recursive: true, force: true }))

async function enrolled(): Promise<Identity> {
  const token = newEnrolmentToken(fleetKeys(randomBytes(32)).publicKey)
  const identity = await Identity.open(folder, key, token, 'gateway', () => 0)
  await identity.keep({ id: 'gw_1', credential: identity.credentials[0] ?? '', ...shared })
  return identity
}

const openAgain = async (): Promise<Identity> => await Identity.open(folder, key, null, 'gateway', () => 0)

test('keeps the credentials before the present one, for a database that was restored, and no more than 30', async () => {
  const identity = await enrolled()
  const made: (string | undefined)[] = [identity.credentials[0]]
  for (let day = 1; day <= 40; day += 1) {
    await identity.replaceCredential(async (next) => await Promise.resolve(void made.unshift(next)), day)
  }
  expect(identity.credentials).toEqual(made.slice(0, 31))
  expect((await openAgain()).credentials).toEqual(identity.credentials)
})

test('takes an earlier credential for the present one when a control node knows that one, and forgets none', async () => {
  const identity = await enrolled()
  const [first = ''] = identity.credentials
  await identity.replaceCredential(async () => await Promise.resolve(), 1)
  const [second] = identity.credentials
  await identity.keep({ id: 'gw_1', credential: first, ...shared })
  expect((await openAgain()).credentials).toEqual([first, second])
})

test('remembers that the gateway was removed, until a control node knows it again', async () => {
  const identity = await enrolled()
  await identity.markRemoved()
  const again = await openAgain()
  expect(again.isRemoved).toBe(true)
  await again.keep({ id: 'gw_1', credential: again.credentials[0] ?? '', ...shared })
  expect((await openAgain()).isRemoved).toBe(false)
})

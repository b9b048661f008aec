import { randomBytes } from 'node:crypto'
import { Snapshot, type BasicCredentialRecord, type BasicFact, type FeedRecord } from '@sallyport/core'
import { expect, test } from 'vitest'
import type { FairSemaphoreLimits } from '../../fairness/fair-semaphore.ts'
import { hashPassword, verifyPassword } from '../../crypto/password-hash.ts'
import { BasicAuthenticator } from './basic-authenticator.ts'

const PASSWORD = 'the right one'
const passwordHash = await hashPassword(PASSWORD, randomBytes)

function credential(fields: Partial<BasicCredentialRecord> = {}): BasicCredentialRecord {
  return {
    kind: 'basic-credential',
    organization: 'acme',
    environment: 'prod',
    id: 'bas_1',
    username: 'erp',
    consumer: 'con_1',
    passwordHash,
    ...fields,
  }
}

async function snapshotOf(...records: FeedRecord[]): Promise<Snapshot> {
  return Snapshot.load(
    1,
    (async function* () {
      yield records
    })(),
  )
}

const VALID: BasicFact = { kind: 'valid', consumer: 'con_1' }
const INVALID: BasicFact = { kind: 'invalid' }

/** A judge over real hashes that notes each verification, with a clock that stands still. */
class Bench {
  /** The hash and the password of each verification. */
  readonly verified: (readonly [hash: string, password: string])[] = []
  nowMs = 1_000_000
  readonly authenticator: BasicAuthenticator

  constructor(turns?: FairSemaphoreLimits) {
    const verify = async (password: string, hash: string): Promise<boolean> => {
      this.verified.push([hash, password])
      return await verifyPassword(password, hash)
    }
    this.authenticator = new BasicAuthenticator({ nowMs: () => this.nowMs, verify, ...(turns && { turns }) })
  }

  ask(
    snapshot: Snapshot,
    password: string,
    { username = 'erp', environment = 'prod', address = '192.0.2.1' } = {},
  ): BasicFact | Promise<BasicFact> {
    return this.authenticator.checkPassword(snapshot, {
      organization: 'acme',
      environment,
      username,
      password,
      address: () => address,
    })
  }
}

test('A right password is verified once, and then known at once', async () => {
  const bench = new Bench()
  const snapshot = await snapshotOf(credential())
  expect(await bench.ask(snapshot, PASSWORD)).toEqual(VALID)
  // No promise: the answer is at hand.
  expect(bench.ask(snapshot, PASSWORD)).toEqual(VALID)
  expect(bench.verified).toEqual([[passwordHash, PASSWORD]])
  bench.nowMs += 60 * 60 * 1000 - 1
  expect(bench.ask(snapshot, PASSWORD)).toEqual(VALID)
  bench.nowMs += 1
  expect(await bench.ask(snapshot, PASSWORD)).toEqual(VALID)
  expect(bench.verified).toHaveLength(2)
})

test('What comes encoded is judged the same', async () => {
  const bench = new Bench()
  const snapshot = await snapshotOf(credential())
  const authenticate = async (text: string): Promise<BasicFact> =>
    await bench.authenticator.authenticate(
      snapshot,
      'acme',
      'prod',
      Buffer.from(text).toString('base64'),
      () => '192.0.2.1',
    )
  expect(await authenticate(`erp:${PASSWORD}`)).toEqual(VALID)
  expect(await authenticate(`erp:${PASSWORD}!`)).toEqual(INVALID)
  expect(await authenticate(`erp${PASSWORD}`)).toEqual(INVALID)
  expect(bench.verified).toHaveLength(2)
})

test('An unknown user costs what a wrong password costs, the first time and again', async () => {
  const bench = new Bench()
  const snapshot = await snapshotOf(credential())
  const wrong = async (username: string): Promise<readonly (string | undefined)[]> => {
    const before = bench.verified.length
    for (let round = 0; round < 3; round += 1) {
      expect(await bench.ask(snapshot, 'a wrong one', { username })).toEqual(INVALID)
    }
    return bench.verified.slice(before).map(([hash]) => hash.split('$').slice(0, 4).join('$'))
  }
  const known = await wrong('erp')
  expect(known).toEqual(['$argon2id$v=19$m=19456,t=2,p=1'])
  expect(await wrong('nobody')).toEqual(known)
  bench.nowMs += 60_000
  expect(await wrong('erp')).toEqual(known)
  expect(await wrong('nobody')).toEqual(known)
})

test('A password counts for its username, environment and organization alone', async () => {
  const bench = new Bench()
  const snapshot = await snapshotOf(
    credential(),
    credential({ id: 'bas_2', environment: 'test', consumer: 'con_2' }),
  )
  expect(await bench.ask(snapshot, PASSWORD)).toEqual(VALID)
  expect(await bench.ask(snapshot, PASSWORD, { environment: 'test' })).toEqual({
    kind: 'valid',
    consumer: 'con_2',
  })
  expect(await bench.ask(snapshot, PASSWORD, { environment: 'dev' })).toEqual(INVALID)
  expect(await bench.ask(snapshot, PASSWORD, { username: 'ERP' })).toEqual(INVALID)
  expect(await bench.ask(snapshot, PASSWORD.slice(0, -1))).toEqual(INVALID)
})

test('A credential that is removed or replaced ends at once, and one that is added counts at once', async () => {
  const bench = new Bench()
  const snapshot = await snapshotOf(credential())
  const empty = await snapshotOf()
  expect(await bench.ask(snapshot, PASSWORD)).toEqual(VALID)
  expect(await bench.ask(empty, PASSWORD)).toEqual(INVALID)
  expect(await bench.ask(snapshot, PASSWORD)).toEqual(VALID)
  const other = await hashPassword('another', randomBytes)
  const replaced = await snapshotOf(credential({ id: 'bas_2', passwordHash: other }))
  expect(await bench.ask(replaced, PASSWORD)).toEqual(INVALID)
  expect(await bench.ask(replaced, 'another')).toEqual(VALID)
  const moved = await snapshotOf(credential({ id: 'bas_3', consumer: 'con_2' }))
  expect(await bench.ask(moved, PASSWORD)).toEqual({ kind: 'valid', consumer: 'con_2' })
})

test('A snapshot that is loaded afresh keeps what is known', async () => {
  const bench = new Bench()
  expect(await bench.ask(await snapshotOf(credential()), PASSWORD)).toEqual(VALID)
  expect(bench.ask(await snapshotOf(credential()), PASSWORD)).toEqual(VALID)
})

test('Who asks the same at once shares one verification, but not across a change', async () => {
  const bench = new Bench()
  const snapshot = await snapshotOf(credential())
  const empty = await snapshotOf()
  const facts = await Promise.all([
    ...Array.from({ length: 10 }, async () => await bench.ask(snapshot, PASSWORD)),
    bench.ask(empty, PASSWORD),
  ])
  expect(facts).toEqual([...Array.from({ length: 10 }, () => VALID), INVALID])
  expect(bench.verified).toHaveLength(2)
})

test('A flood of wrong passwords from one address keeps nobody else out', async () => {
  const bench = new Bench({ runningMax: 2, waitingMax: 8 })
  const snapshot = await snapshotOf(credential())
  const flood = Array.from({ length: 14 }, async (_, index) => {
    try {
      // Each from another address of one IPv6 network, of which one caller has them all.
      const address = `2001:db8::${index.toString(16)}`
      return (await bench.ask(snapshot, `guess ${index}`, { address })).kind
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'thrown'
    }
  })
  expect(await bench.ask(snapshot, PASSWORD, { address: '192.0.2.7' })).toEqual(VALID)
  // It came last, and waited for those that were under way and for one turn of the flood.
  expect(bench.verified.findIndex(([, password]) => password === PASSWORD)).toBe(3)
  // What is known needs no turn.
  expect(bench.ask(snapshot, PASSWORD, { address: '2001:db8::1' })).toEqual(VALID)
  // Two are under way and eight wait, of which the newcomer has taken one place.
  const refused = (await Promise.all(flood)).map((outcome) => outcome === 'unavailable')
  expect(refused).toEqual([
    ...Array.from({ length: 9 }, () => false),
    ...Array.from({ length: 5 }, () => true),
  ])
})

test('A hash that cannot be verified is our fault, and is tried again', async () => {
  const bench = new Bench()
  const snapshot = await snapshotOf(
    credential({ passwordHash: '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$AAAA' }),
  )
  for (let round = 1; round <= 2; round += 1) {
    const refused = Promise.resolve(bench.ask(snapshot, PASSWORD))
    await expect(refused).rejects.toMatchObject({ code: 'unavailable', status: 503 })
    expect(bench.verified).toHaveLength(round)
  }
})

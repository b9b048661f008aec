import { randomBytes } from 'node:crypto'
import { Snapshot, type BasicCredentialRecord, type BasicFact, type FeedRecord } from '@sallyport/core'
import { expect, test } from 'vitest'
import type { FairSemaphoreLimits } from '../../fairness/fair-semaphore.ts'
import { hashPassword, verifyPassword } from '../../crypto/password-hash.ts'
import { BasicAuthenticator } from './basic-authenticator.ts'
import { passwordVerifier } from './password-verifier.ts'

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

const VALID: BasicFact = { kind: 'valid', consumer: 'con_1', credential: 'bas_1' }
const INVALID: BasicFact = { kind: 'invalid' }

/** An authenticator with real hashes and a fixed clock that records each verification. */
class Harness {
  /** The hash and the password of each verification. */
  readonly verified: (readonly [hash: string, password: string])[] = []
  nowMs = 1_000_000
  readonly authenticator: BasicAuthenticator

  constructor(concurrency?: FairSemaphoreLimits) {
    const verify = async (password: string, hash: string): Promise<boolean> => {
      this.verified.push([hash, password])
      return await verifyPassword(password, hash)
    }
    this.authenticator = new BasicAuthenticator({
      monotonicMs: () => this.nowMs,
      passwords: passwordVerifier({ verify, ...(concurrency && { concurrency }) }),
    })
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

test('A valid password is verified once and then cached', async () => {
  const harness = new Harness()
  const snapshot = await snapshotOf(credential())
  expect(await harness.ask(snapshot, PASSWORD)).toEqual(VALID)
  // Synchronous: the result is cached.
  expect(harness.ask(snapshot, PASSWORD)).toEqual(VALID)
  expect(harness.verified).toEqual([[passwordHash, PASSWORD]])
  harness.nowMs += 60 * 60 * 1000 - 1
  expect(harness.ask(snapshot, PASSWORD)).toEqual(VALID)
  harness.nowMs += 1
  expect(await harness.ask(snapshot, PASSWORD)).toEqual(VALID)
  expect(harness.verified).toHaveLength(2)
})

test('A wrong password is verified again after a minute, and not before', async () => {
  const harness = new Harness()
  const snapshot = await snapshotOf(credential())
  expect(await harness.ask(snapshot, 'wrong')).toEqual(INVALID)
  harness.nowMs += 60_000 - 1
  expect(harness.ask(snapshot, 'wrong')).toEqual(INVALID)
  harness.nowMs += 1
  expect(harness.ask(snapshot, 'wrong')).toBeInstanceOf(Promise)
})

test('Encoded credentials give the same result', async () => {
  const harness = new Harness()
  const snapshot = await snapshotOf(credential())
  const authenticate = async (text: string): Promise<BasicFact> =>
    await harness.authenticator.authenticate(
      snapshot,
      'acme',
      'prod',
      Buffer.from(text).toString('base64'),
      () => '192.0.2.1',
    )
  expect(await authenticate(`erp:${PASSWORD}`)).toEqual(VALID)
  expect(await authenticate(`erp:${PASSWORD}!`)).toEqual(INVALID)
  expect(await authenticate(`erp${PASSWORD}`)).toEqual(INVALID)
  expect(harness.verified).toHaveLength(2)
})

test('An unknown user costs as much as a wrong password, on the first and on later requests', async () => {
  const harness = new Harness()
  const snapshot = await snapshotOf(credential())
  const wrong = async (username: string): Promise<readonly (string | undefined)[]> => {
    const before = harness.verified.length
    for (let round = 0; round < 3; round += 1) {
      expect(await harness.ask(snapshot, 'a wrong one', { username })).toEqual(INVALID)
    }
    return harness.verified.slice(before).map(([hash]) => hash.split('$').slice(0, 4).join('$'))
  }
  const known = await wrong('erp')
  expect(known).toEqual(['$argon2id$v=19$m=19456,t=2,p=1'])
  expect(await wrong('nobody')).toEqual(known)
  harness.nowMs += 60_000
  expect(await wrong('erp')).toEqual(known)
  expect(await wrong('nobody')).toEqual(known)
})

test('A password is valid only for its username, environment and organization', async () => {
  const harness = new Harness()
  const snapshot = await snapshotOf(
    credential(),
    credential({ id: 'bas_2', environment: 'test', consumer: 'con_2' }),
  )
  expect(await harness.ask(snapshot, PASSWORD)).toEqual(VALID)
  expect(await harness.ask(snapshot, PASSWORD, { environment: 'test' })).toEqual({
    kind: 'valid',
    consumer: 'con_2',
    credential: 'bas_2',
  })
  expect(await harness.ask(snapshot, PASSWORD, { environment: 'dev' })).toEqual(INVALID)
  expect(await harness.ask(snapshot, PASSWORD, { username: 'ERP' })).toEqual(INVALID)
  expect(await harness.ask(snapshot, PASSWORD.slice(0, -1))).toEqual(INVALID)
})

test('A removed or replaced credential is invalid at once, and a new one is valid at once', async () => {
  const harness = new Harness()
  const snapshot = await snapshotOf(credential())
  const empty = await snapshotOf()
  expect(await harness.ask(snapshot, PASSWORD)).toEqual(VALID)
  expect(await harness.ask(empty, PASSWORD)).toEqual(INVALID)
  expect(await harness.ask(snapshot, PASSWORD)).toEqual(VALID)
  const other = await hashPassword('another', randomBytes)
  const replaced = await snapshotOf(credential({ id: 'bas_2', passwordHash: other }))
  expect(await harness.ask(replaced, PASSWORD)).toEqual(INVALID)
  expect(await harness.ask(replaced, 'another')).toEqual({ ...VALID, credential: 'bas_2' })
  const moved = await snapshotOf(credential({ id: 'bas_3', consumer: 'con_2' }))
  expect(await harness.ask(moved, PASSWORD)).toEqual({
    kind: 'valid',
    consumer: 'con_2',
    credential: 'bas_3',
  })
})

test('Cached results survive a reload of the snapshot', async () => {
  const harness = new Harness()
  expect(await harness.ask(await snapshotOf(credential()), PASSWORD)).toEqual(VALID)
  expect(harness.ask(await snapshotOf(credential()), PASSWORD)).toEqual(VALID)
})

test('Concurrent requests with the same credentials share one verification, unless the credential has changed', async () => {
  const harness = new Harness()
  const snapshot = await snapshotOf(credential())
  const empty = await snapshotOf()
  const facts = await Promise.all([
    ...Array.from({ length: 10 }, async () => await harness.ask(snapshot, PASSWORD)),
    harness.ask(empty, PASSWORD),
  ])
  expect(facts).toEqual([...Array.from({ length: 10 }, () => VALID), INVALID])
  expect(harness.verified).toHaveLength(2)
})

test('A flood of wrong passwords from one network does not block other callers', async () => {
  const harness = new Harness({ runningMax: 3, waitingMax: 8 })
  const snapshot = await snapshotOf(credential())
  const flood = Array.from({ length: 14 }, async (_, index) => {
    try {
      // Each from a different address of one IPv6 network, which one caller can use entirely.
      const address = `2001:db8::${index.toString(16)}`
      return (await harness.ask(snapshot, `guess ${index}`, { address })).kind
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'thrown'
    }
  })
  expect(await harness.ask(snapshot, PASSWORD, { address: '192.0.2.7' })).toEqual(VALID)
  // It arrived last and started at once: a network leaves a place to the others of its organization.
  expect(harness.verified.findIndex(([, password]) => password === PASSWORD)).toBe(1)
  // A cached result does not wait.
  expect(harness.ask(snapshot, PASSWORD, { address: '2001:db8::1' })).toEqual(VALID)
  // One of the flood and the late caller run, and eight wait.
  const refused = (await Promise.all(flood)).map((outcome) => outcome === 'unavailable')
  expect(refused).toEqual([
    ...Array.from({ length: 9 }, () => false),
    ...Array.from({ length: 5 }, () => true),
  ])
})

/** An authenticator whose verifications end when the test says so. */
class HeldHarness {
  readonly #verifications: ((isMatch: boolean) => void)[] = []
  readonly #authenticator = new BasicAuthenticator({
    monotonicMs: () => 0,
    passwords: passwordVerifier({
      verify: () =>
        new Promise((resolve) => {
          this.#verifications.push(resolve)
        }),
    }),
  })

  /** How many verifications have started. */
  get started(): number {
    return this.#verifications.length
  }

  /** Ends a verification, by its number. */
  end(index: number, isMatch: boolean): void {
    this.#verifications[index]?.(isMatch)
  }

  async ask(
    snapshot: Snapshot,
    password: string,
    { organization = 'acme', address = '192.0.2.1' } = {},
  ): Promise<BasicFact> {
    return await this.#authenticator.checkPassword(snapshot, {
      organization,
      environment: 'prod',
      username: 'erp',
      password,
      address: () => address,
    })
  }
}

test('A verification is shared until it ends, even if one with the former credential ends before', async () => {
  const held = new HeldHarness()
  const former = await snapshotOf(credential())
  const present = await snapshotOf(credential({ consumer: 'con_2' }))
  const facts = [held.ask(former, PASSWORD), held.ask(present, PASSWORD, { address: '192.0.2.2' })]
  expect(held.started).toBe(2)
  held.end(0, true)
  expect(await facts[0]).toEqual(VALID)
  facts.push(held.ask(present, PASSWORD))
  expect(held.started).toBe(2)
  held.end(1, true)
  expect(await facts[2]).toEqual({ ...VALID, consumer: 'con_2' })
})

test('A verification with a former credential may end last', async () => {
  const held = new HeldHarness()
  const former = held.ask(await snapshotOf(credential()), PASSWORD)
  const present = held.ask(await snapshotOf(), PASSWORD, { address: '192.0.2.2' })
  expect(held.started).toBe(2)
  held.end(1, false)
  expect(await present).toEqual(INVALID)
  held.end(0, true)
  expect(await former).toEqual(VALID)
})

test('An unknown user is invalid whatever the comparison with the decoy says', async () => {
  const held = new HeldHarness()
  const fact = held.ask(await snapshotOf(), PASSWORD)
  held.end(0, true)
  expect(await fact).toEqual(INVALID)
})

test('By default a network runs one verification at a time, an organization two, and all together three', async () => {
  const held = new HeldHarness()
  const snapshot = await snapshotOf()
  const facts: Promise<BasicFact>[] = []
  /** How many verifications run after another password was sent. */
  const afterOneFrom = (address: string, organization = 'acme'): number => {
    facts.push(held.ask(snapshot, `guess ${facts.length}`, { address, organization }))
    return held.started
  }
  expect([afterOneFrom('192.0.2.1'), afterOneFrom('192.0.2.1')]).toEqual([1, 1])
  expect([afterOneFrom('192.0.2.2'), afterOneFrom('192.0.2.3')]).toEqual([2, 2])
  expect([afterOneFrom('192.0.2.1', 'globex'), afterOneFrom('192.0.2.1', 'initech')]).toEqual([3, 3])
  for (let index = 0; index < facts.length; index += 1) {
    await expect.poll(() => held.started).toBeGreaterThan(index)
    held.end(index, false)
  }
  expect(await Promise.all(facts)).toEqual(facts.map(() => INVALID))
})

test('A hash that cannot be verified is an outage, and is verified again on the next request', async () => {
  const harness = new Harness()
  const snapshot = await snapshotOf(
    credential({ passwordHash: '$argon2id$v=19$m=4194304,t=2,p=1$c29tZXNhbHQ$AAAA' }),
  )
  for (let round = 1; round <= 2; round += 1) {
    const refused = Promise.resolve(harness.ask(snapshot, PASSWORD))
    // The cause is for the log.
    await expect(refused).rejects.toMatchObject({
      code: 'unavailable',
      status: 503,
      cause: expect.any(Error) as unknown,
    })
    expect(harness.verified).toHaveLength(round)
  }
})

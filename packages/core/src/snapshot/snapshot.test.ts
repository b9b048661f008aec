import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KeyId } from '../keys/key-text.ts'
import type { Trigger } from '../pipelines/pipeline-spec.ts'
import { type FeedRecord, recordIdentity, type RemovedRecord } from './feed-record.ts'
import { Snapshot } from './snapshot.ts'

const TRIGGER: Trigger = {
  kind: 'http',
  paths: ['/'],
  methods: ['GET'],
  authentication: { apiKey: true, jwt: false, basic: false },
  acceptsPublicKeys: false,
  apiKeyInQuery: false,
  login: false,
  cors: null,
  requestBytesMax: 1,
  timeoutMs: 1,
  rateLimits: [],
  responseHeaders: {},
  schedule: null,
}

const organization = fc.constantFrom('acme', 'partner')
const environment = fc.constantFrom('test', 'prod')
const keyId = fc.constantFrom('A', 'B', 'C', 'D').map((each): KeyId => `key_${each.repeat(16)}`)
const roleName = fc.constantFrom('caller', 'reader')
const consumerId = (owner: string) => fc.constantFrom(`con_${owner}_1`, `con_${owner}_2`)
/** Ids of records in an environment: in this test they never move to another one. */
const idIn = (prefix: string, owner: string, env: string) =>
  fc.constantFrom('1', '2').map((each) => `${prefix}_${owner}_${env}_${each}`)
const credentialId = (owner: string) => fc.constantFrom('1', '2', '3').map((each) => `bas_${owner}_${each}`)

const credential = (owner: string, env: string) =>
  fc.record({
    kind: fc.constant('basic-credential' as const),
    organization: fc.constant(owner),
    environment: fc.constant(env),
    id: credentialId(owner),
    username: fc.constantFrom('app', 'app', 'web'),
    consumer: consumerId(owner),
    passwordHash: fc.constantFrom('$a$', '$b$'),
  })

const put: fc.Arbitrary<FeedRecord> = fc.tuple(organization, environment).chain(([owner, env]) =>
  fc.oneof(
    fc.constant({ kind: 'organization' as const, slug: owner }),
    fc.constant({ kind: 'environment' as const, organization: owner, name: env }),
    fc.record({
      kind: fc.constant('role' as const),
      organization: fc.constant(owner),
      name: roleName,
      grants: fc.subarray([
        { permission: 'pipelines.invoke' as const },
        { permission: 'pipelines.read' as const },
      ]),
    }),
    fc.record({
      kind: fc.constant('consumer' as const),
      organization: fc.constant(owner),
      id: consumerId(owner),
      name: fc.constantFrom('mobile', 'web'),
      environment: fc.constant(env),
      active: fc.boolean(),
      pipelines: fc.subarray(['orders', 'invoices']),
    }),
    fc.record({
      kind: fc.constant('key' as const),
      organization: fc.constant(owner),
      // A key never moves to another organization.
      id: keyId.map((id): KeyId => `key_${owner === 'acme' ? 'a' : 'p'}${id.slice(5)}`),
      type: fc.constantFrom('public' as const, 'secret' as const),
      environment: fc.option(fc.constant(env)),
      consumer: fc.option(consumerId(owner)),
      roles: fc.subarray(['caller', 'owner']),
      active: fc.boolean(),
      deleted: fc.boolean(),
      createdAtMs: fc.constant(1),
      expiresAtMs: fc.option(fc.constantFrom(1, 2)),
      addressRules: fc.subarray(['::1/128']),
      rateLimits: fc.constant([]),
      secrets: fc.array(
        fc.record({
          sequence: fc.integer({ min: 1, max: 9 }),
          digest: fc.constantFrom('a', 'b', 'c').map((each) => each.repeat(64)),
          expiresAtMs: fc.option(fc.constantFrom(1, 2)),
        }),
        { maxLength: 3 },
      ),
    }),
    fc.record({
      kind: fc.constant('external-key' as const),
      organization: fc.constant(owner),
      id: fc.constantFrom('1', '2', '3').map((each) => `ext_${owner}_${each}`),
      keyId,
      roles: fc.subarray(['caller', 'invoker']),
      active: fc.boolean(),
    }),
    fc.record({
      kind: fc.constant('deployment' as const),
      organization: fc.constant(owner),
      environment: fc.constant(env),
      id: idIn('dep', owner, env),
      pipeline: fc.constantFrom('orders', 'invoices'),
      project: fc.constant('default'),
      version: fc.constantFrom('1.0', '1.1', '2.0'),
      spec: fc.constant({ trigger: TRIGGER, steps: [] }),
    }),
    fc.record({
      kind: fc.constant('signing-key' as const),
      organization: fc.constant(owner),
      environment: fc.constant(env),
      id: idIn('sig', owner, env),
      algorithm: fc.constantFrom('EdDSA' as const, 'ES256' as const),
      publicJwk: fc.constant({ kty: 'OKP' }),
      sealedPrivateJwk: fc.constantFrom('sealed', 'sealed anew'),
      createdAtMs: fc.constant(1),
      verifiesUntilMs: fc.option(fc.constant(2)),
    }),
    fc.record({
      kind: fc.constant('issuer' as const),
      organization: fc.constant(owner),
      environment: fc.constant(env),
      id: idIn('iss', owner, env),
      issuer: fc.constantFrom('https://a.example', 'https://b.example'),
      audiences: fc.subarray(['one', 'two'], { minLength: 1 }),
      jwksUrl: fc.constant(null),
      jwks: fc.constant({ keys: [{ kty: 'OKP' }] }),
    }),
    fc.record({
      kind: fc.constant('environment-secret' as const),
      organization: fc.constant(owner),
      environment: fc.constant(env),
      id: idIn('sec', owner, env),
      name: fc.constantFrom('TOKEN', 'PASSWORD'),
      sealedValue: fc.constantFrom('sealed', 'sealed anew'),
    }),
    // Often, because the interesting case needs an existing consumer and a second id for the same username.
    { weight: 4, arbitrary: credential(owner, env) },
  ),
)

const removal: fc.Arbitrary<FeedRecord> = fc.tuple(organization, environment).chain(([owner, env]) =>
  fc
    .oneof(
      fc.record({ of: fc.constant('environment' as const), id: fc.constant<string>(env) }),
      fc.record({ of: fc.constant('role' as const), id: roleName }),
      fc.record({ of: fc.constant('consumer' as const), id: consumerId(owner) }),
      fc.record({
        of: fc.constant('external-key' as const),
        id: fc.constantFrom('1', '2', '3').map((each) => `ext_${owner}_${each}`),
      }),
      fc.record({ of: fc.constant('deployment' as const), id: idIn('dep', owner, env) }),
      fc.record({ of: fc.constant('signing-key' as const), id: idIn('sig', owner, env) }),
      fc.record({ of: fc.constant('issuer' as const), id: idIn('iss', owner, env) }),
      fc.record({ of: fc.constant('environment-secret' as const), id: idIn('sec', owner, env) }),
      fc.record({ of: fc.constant('basic-credential' as const), id: credentialId(owner) }),
    )
    .map((removed) => ({ kind: 'removed' as const, organization: owner, ...removed })),
)

/** Records with a natural key, which has one record at a time and never changes for an id. */
type Keyed = Extract<FeedRecord, { kind: 'external-key' | 'basic-credential' }>

const naturalKeyOf = (record: Keyed): string =>
  record.kind === 'external-key'
    ? `${record.organization} ${record.keyId}`
    : `${record.organization} ${record.environment} ${record.username}`

const removedRecord = ({ kind, organization: owner, id }: Keyed): FeedRecord => ({
  kind: 'removed',
  of: kind,
  organization: owner,
  id,
})

/** A model of the store: it refuses records without their owner, and a removal cascades. */
class StoreModel {
  readonly rows = new Map<string, FeedRecord>()

  /** @returns the records that the store would send, in order; none for a refused write */
  write(record: FeedRecord): FeedRecord[] {
    switch (record.kind) {
      case 'organization':
        break
      case 'removed':
        return this.#remove(record)
      case 'deployment':
      case 'signing-key':
      case 'issuer':
      case 'environment-secret':
        if (!this.rows.has(`environment ${record.organization} ${record.environment}`)) return []
        break
      case 'external-key':
        if (!this.rows.has(`organization ${record.organization} ${record.organization}`)) return []
        return this.#replace(record)
      case 'basic-credential':
        if (!this.rows.has(`environment ${record.organization} ${record.environment}`)) return []
        if (!this.rows.has(`consumer ${record.organization} ${record.consumer}`)) return []
        return this.#replace(record)
      default:
        if (!this.rows.has(`organization ${record.organization} ${record.organization}`)) return []
    }
    this.rows.set(recordIdentity(record), record)
    return [record]
  }

  /** Writes a record, which displaces another record with the same natural key. */
  #replace(record: Keyed): FeedRecord[] {
    const same = this.rows.get(recordIdentity(record))
    if (same?.kind === record.kind && naturalKeyOf(same) !== naturalKeyOf(record)) return []
    const gone = this.#drop(
      (row) => naturalKeyOf(row) === naturalKeyOf(record) && row.id !== record.id,
      record.kind,
    )
    this.rows.set(recordIdentity(record), record)
    // The removal comes last, which is the harder order.
    return [record, ...gone]
  }

  /** Removes an entity after the credentials that depend on it. */
  #remove(record: RemovedRecord): FeedRecord[] {
    const { of, organization: owner, id } = record
    const gone = this.#drop(
      (row) =>
        row.kind === 'basic-credential' &&
        row.organization === owner &&
        ((of === 'environment' && row.environment === id) || (of === 'consumer' && row.consumer === id)),
      'basic-credential',
    )
    this.rows.delete(recordIdentity(record))
    if (of === 'environment') this.#emptyEnvironment(owner, id)
    return [...gone, record]
  }

  #drop(isGone: (row: Keyed) => boolean, kind: Keyed['kind']): FeedRecord[] {
    const gone = [...this.rows.values()].flatMap((row) =>
      (row.kind === 'external-key' || row.kind === 'basic-credential') && row.kind === kind && isGone(row)
        ? [row]
        : [],
    )
    for (const row of gone) this.rows.delete(recordIdentity(row))
    return gone.map(removedRecord)
  }

  /** The records in an environment are not removed one by one: the removal of the environment covers them. */
  #emptyEnvironment(owner: string, env: string): void {
    const held = new Set(['deployment', 'signing-key', 'issuer', 'environment-secret'])
    for (const [identity, row] of this.rows) {
      if (held.has(row.kind) && 'environment' in row && row.organization === owner) {
        if (row.environment === env) this.rows.delete(identity)
      }
    }
  }

  /** All records, owners before what they own, otherwise in no particular order. */
  batches(): FeedRecord[][] {
    const rows = [...this.rows.values()].toReversed()
    const isOwner = (row: FeedRecord) => row.kind === 'organization' || row.kind === 'environment'
    return [
      rows.filter((row) => row.kind === 'organization'),
      rows.filter((row) => row.kind === 'environment'),
      rows.filter((row) => !isOwner(row)),
    ]
  }
}

async function load(batches: readonly FeedRecord[][], revision = 1): Promise<Snapshot> {
  return Snapshot.load(
    revision,
    (async function* () {
      yield* batches
    })(),
  )
}

const history = fc.array(
  fc.array(fc.oneof({ weight: 3, arbitrary: put }, { weight: 1, arbitrary: removal }), {
    minLength: 1,
    maxLength: 4,
  }),
  // Long histories: a record can only be replaced after it and its owners exist.
  { maxLength: 40, size: 'max' },
)
const owners: FeedRecord[] = ['acme', 'partner'].flatMap((slug) => [
  { kind: 'organization' as const, slug },
  { kind: 'environment' as const, organization: slug, name: 'test' },
])

describe('a snapshot built change by change', () => {
  test('equals one that is loaded at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), history, async (startsWithOwners, changes) => {
        const store = new StoreModel()
        let snapshot = Snapshot.empty()
        for (const records of startsWithOwners ? [owners, ...changes] : changes) {
          const sent = records.flatMap((record) => store.write(record))
          snapshot = snapshot.apply({ revision: snapshot.revision + 1, atMs: 1, records: sent })
        }
        const fresh = await load(store.batches(), snapshot.revision)
        expect(snapshot.toRecords()).toEqual(fresh.toRecords())
        expect(snapshot.toRecords()).toHaveLength(store.rows.size)
        expect(snapshot.revision).toBe(fresh.revision)
        const copy = await load([snapshot.toRecords()], snapshot.revision)
        expect(copy.toRecords()).toEqual(snapshot.toRecords())
        for (const row of store.rows.values()) {
          if (row.kind === 'external-key') {
            expect(snapshot.externalKey(row.organization, row.keyId)).toEqual(row)
          }
          if (row.kind === 'consumer') expect(snapshot.consumer(row.id)).toEqual(row)
          if (row.kind === 'basic-credential') {
            const { organization: owner, environment: env, username } = row
            expect(snapshot.basicCredential(owner, env, username)).toEqual(row)
          }
          if (row.kind === 'key') expect(snapshot.keys.find(row.id)?.toRecord()).toEqual(row)
        }
      }),
      { numRuns: 150 },
    )
  })

  test('leaves earlier snapshots unchanged', () => {
    fc.assert(
      fc.property(history, (changes) => {
        const store = new StoreModel()
        let snapshot = Snapshot.empty()
        const seen: { snapshot: Snapshot; records: FeedRecord[] }[] = []
        for (const records of [owners, ...changes]) {
          const sent = records.flatMap((record) => store.write(record))
          snapshot = snapshot.apply({ revision: snapshot.revision + 1, atMs: 1, records: sent })
          seen.push({ snapshot, records: snapshot.toRecords() })
        }
        for (const each of seen) expect(each.snapshot.toRecords()).toEqual(each.records)
      }),
      { numRuns: 50 },
    )
  })

  test('is the same when a change is applied twice', () => {
    fc.assert(
      fc.property(fc.array(put), (records) => {
        const store = new StoreModel()
        const sent = [...owners, ...records].flatMap((record) => store.write(record))
        const once = Snapshot.empty().apply({ revision: 1, atMs: 1, records: sent })
        expect(once.apply({ revision: 1, atMs: 1, records: sent }).toRecords()).toEqual(once.toRecords())
      }),
      { numRuns: 50 },
    )
  })
})

describe('a username that gets a new credential', () => {
  const first = {
    kind: 'basic-credential',
    organization: 'acme',
    environment: 'test',
    id: 'bas_1',
    username: 'app',
    consumer: 'con_1',
    passwordHash: '$a$',
  } as const
  const second = { ...first, id: 'bas_2', passwordHash: '$b$' }
  const gone = { kind: 'removed', of: 'basic-credential', organization: 'acme', id: 'bas_1' } as const

  test.each<[string, FeedRecord[]]>([
    ['before', [gone, second]],
    ['after', [second, gone]],
    ['twice', [gone, second, gone]],
  ])('belongs to the new credential when the removal comes %s', (_order, records) => {
    const known = Snapshot.empty().apply({ revision: 1, atMs: 1, records: [...owners, first] })
    expect(known.basicCredential('acme', 'test', 'app')).toEqual(first)
    const after = known.apply({ revision: 2, atMs: 1, records })
    expect(after.basicCredential('acme', 'test', 'app')).toEqual(second)
    expect(after.basicCredential('acme', 'prod', 'app')).toBeUndefined()
    const ended = after.apply({ revision: 3, atMs: 1, records: [{ ...gone, id: 'bas_2' }] })
    expect(ended.basicCredential('acme', 'test', 'app')).toBeUndefined()
  })
})

describe('a record that moves to another environment or natural key', () => {
  const inTest = { organization: 'acme', environment: 'test' } as const
  const movable: readonly FeedRecord[] = [
    {
      kind: 'basic-credential',
      ...inTest,
      id: 'bas_1',
      username: 'app',
      consumer: 'con_1',
      passwordHash: '$a$',
    },
    {
      kind: 'external-key',
      organization: 'acme',
      id: 'ext_1',
      keyId: `key_${'A'.repeat(16)}`,
      roles: [],
      active: true,
    },
    { kind: 'environment-secret', ...inTest, id: 'sec_1', name: 'TOKEN', sealedValue: 'sealed' },
    {
      kind: 'issuer',
      ...inTest,
      id: 'iss_1',
      issuer: 'idp',
      audiences: ['api'],
      jwksUrl: null,
      jwks: { keys: [] },
    },
  ]
  const environments: FeedRecord[] = [...owners, { kind: 'environment', organization: 'acme', name: 'prod' }]
  const moved = (record: FeedRecord): FeedRecord =>
    record.kind === 'external-key'
      ? { ...record, keyId: `key_${'B'.repeat(16)}` }
      : ({ ...record, environment: 'prod' } as FeedRecord)

  test.each(movable.map((record) => [record.kind, record] as const))(
    'is only found there: %s',
    (_kind, record) => {
      const known = Snapshot.empty().apply({ revision: 1, atMs: 1, records: [...environments, record] })
      const after = known.apply({ revision: 2, atMs: 1, records: [moved(record)] })
      const fresh = Snapshot.empty().apply({
        revision: 2,
        atMs: 1,
        records: [...environments, moved(record)],
      })
      expect(after.toRecords()).toEqual(fresh.toRecords())
      expect(after.toRecords()).toContainEqual(moved(record))
    },
  )
})

describe('roles', () => {
  const snapshot = Snapshot.empty().apply({
    revision: 1,
    atMs: 1,
    records: [
      { kind: 'organization', slug: 'acme' },
      { kind: 'organization', slug: 'partner' },
      { kind: 'role', organization: 'acme', name: 'caller', grants: [{ permission: 'pipelines.invoke' }] },
      { kind: 'role', organization: 'acme', name: 'auditor', grants: [{ permission: 'pipelines.invoke' }] },
    ],
  })

  test.each([
    ['acme', ['caller'], true],
    ['partner', ['caller'], false],
    ['nobody', ['caller'], false],
    ['acme', ['invoker'], true],
    ['nobody', ['invoker'], true],
    ['acme', ['auditor'], false],
    ['acme', ['toString', '__proto__', 'constructor'], false],
    ['acme', [], false],
  ])('in %s, %j permit invoking: %s', (owner, roles, expected) => {
    expect(snapshot.rolesPermit(owner, roles, 'pipelines.invoke', {})).toBe(expected)
  })
})

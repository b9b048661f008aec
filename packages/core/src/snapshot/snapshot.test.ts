import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KeyId } from '../keys/key-text.ts'
import type { Trigger } from '../pipelines/pipeline-spec.ts'
import { type FeedRecord, recordIdentity, type RemovedRecord } from './feed-record.ts'
import { RECORD_KINDS } from './record-kinds.ts'
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

type EntityRecord = Exclude<FeedRecord, RemovedRecord>
type Kind = EntityRecord['kind']
type RecordOf<K extends Kind> = Extract<EntityRecord, { readonly kind: K }>

/** Where a record belongs. A record never moves to another organization. */
interface Owner {
  readonly organization: string
  readonly environment: string
}

/** How to generate the records of one kind. */
interface Generated<R> {
  /** The ids of the kind's records. There are few, so that records replace each other. */
  readonly ids: (owner: Owner) => readonly string[]
  /** Records with this id. */
  readonly record: (owner: Owner, id: string) => fc.Arbitrary<R>
  /** How often the kind is generated, relative to the others; 1 if absent. */
  readonly weight?: number
}

const numbered = (prefix: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}_${index + 1}`)

const consumerIds = ({ organization }: Owner) => numbered(`con_${organization}`, 2)

interface InEnvironment extends Owner {
  readonly kind: Kind
  readonly id: string
}

/** A kind whose records belong to one environment. In the generated histories they never move to another one. */
function inEnvironment<R extends InEnvironment>(
  kind: R['kind'],
  members: fc.Arbitrary<Omit<R, keyof InEnvironment>>,
): Generated<R> {
  return {
    ids: ({ organization, environment }) => numbered(`${kind}_${organization}_${environment}`, 2),
    record: (owner, id) => members.map((more) => ({ kind, ...owner, id, ...more }) as unknown as R),
  }
}

const LABELS = { labels: fc.constantFrom({ team: 'payments' }, { team: 'payments', tier: 'gold' }) }

/** Every kind of record. To test a new kind, add its entry here. */
const GENERATED: { readonly [K in Kind]: Generated<RecordOf<K>> } = {
  organization: {
    ids: ({ organization }) => [organization],
    record: (_owner, slug) => fc.constant({ kind: 'organization' as const, slug }),
  },

  environment: {
    ids: ({ environment }) => [environment],
    record: ({ organization }, name) =>
      fc
        .constantFrom({}, { whenStale: 'refuse' as const })
        .map((more) => ({ kind: 'environment' as const, organization, name, ...more })),
  },

  'key-age': {
    ids: ({ environment }) => ['', environment],
    record: ({ organization }, id) =>
      fc.record({
        kind: fc.constant('key-age' as const),
        organization: fc.constant(organization),
        environment: fc.constant(id === '' ? null : id),
        maxLifetimeDays: fc.option(fc.constantFrom(1, 30)),
      }),
  },

  role: {
    ids: () => ['caller', 'reader'],
    record: ({ organization }, name) =>
      fc.record({
        kind: fc.constant('role' as const),
        organization: fc.constant(organization),
        name: fc.constant(name),
        grants: fc.subarray([
          { permission: 'pipelines.invoke' as const },
          { permission: 'pipelines.read' as const },
        ]),
      }),
  },

  consumer: {
    ids: consumerIds,
    record: ({ organization, environment }, id) =>
      fc.record({
        kind: fc.constant('consumer' as const),
        organization: fc.constant(organization),
        id: fc.constant(id),
        name: fc.constantFrom('mobile', 'web'),
        environment: fc.constant(environment),
        active: fc.boolean(),
        pipelines: fc.subarray(['orders', 'invoices']),
        ...LABELS,
      }),
  },

  key: {
    ids: ({ organization }) =>
      ['A', 'B', 'C', 'D'].map((each) => `key_${organization === 'acme' ? 'a' : 'p'}${each.repeat(15)}`),
    record: (owner, id) =>
      fc.record({
        kind: fc.constant('key' as const),
        organization: fc.constant(owner.organization),
        id: fc.constant(id as KeyId),
        type: fc.constantFrom('public' as const, 'secret' as const),
        environment: fc.option(fc.constant(owner.environment)),
        consumer: fc.option(fc.constantFrom(...consumerIds(owner))),
        roles: fc.subarray(['caller', 'owner']),
        active: fc.boolean(),
        deleted: fc.boolean(),
        createdAtMs: fc.constant(1),
        expiresAtMs: fc.option(fc.constantFrom(1, 2)),
        addressRules: fc.subarray(['::1/128']),
        rateLimits: fc.constant([]),
        ...LABELS,
        secrets: fc.array(
          fc.record({
            sequence: fc.integer({ min: 1, max: 9 }),
            digest: fc.constantFrom('a', 'b', 'c').map((each) => each.repeat(64)),
            expiresAtMs: fc.option(fc.constantFrom(1, 2)),
            createdAtMs: fc.constantFrom(0, 1000),
          }),
          { maxLength: 3 },
        ),
      }),
  },

  'external-key': {
    ids: ({ organization }) => numbered(`ext_${organization}`, 3),
    record: ({ organization }, id) =>
      fc.record({
        kind: fc.constant('external-key' as const),
        organization: fc.constant(organization),
        id: fc.constant(id),
        keyId: fc.constantFrom('A', 'B', 'C', 'D').map((each): KeyId => `key_${each.repeat(16)}`),
        roles: fc.subarray(['caller', 'invoker']),
        active: fc.boolean(),
        addressRules: fc.constantFrom([], ['192.0.2.0/24']),
        rateLimits: fc.constant([]),
      }),
  },

  'basic-credential': {
    ids: ({ organization }) => numbered(`bas_${organization}`, 3),
    record: (owner, id) =>
      fc.record({
        kind: fc.constant('basic-credential' as const),
        organization: fc.constant(owner.organization),
        environment: fc.constant(owner.environment),
        id: fc.constant(id),
        username: fc.constantFrom('app', 'app', 'web'),
        consumer: fc.constantFrom(...consumerIds(owner)),
        passwordHash: fc.constantFrom('$a$', '$b$'),
      }),
    // Often, because the interesting case needs an existing consumer and a second id for the same username.
    weight: 4,
  },

  deployment: inEnvironment(
    'deployment',
    fc.record({
      pipeline: fc.constantFrom('orders', 'invoices'),
      project: fc.constant('default'),
      version: fc.constantFrom('1.0', '1.1', '2.0'),
      spec: fc.constant({ trigger: TRIGGER, steps: [] }),
    }),
  ),

  'signing-key': inEnvironment(
    'signing-key',
    fc.record({
      algorithm: fc.constantFrom('EdDSA' as const, 'ES256' as const),
      publicJwk: fc.constant({ kty: 'OKP' }),
      sealedPrivateJwk: fc.constantFrom('sealed', 'sealed anew'),
      createdAtMs: fc.constant(1),
      verifiesUntilMs: fc.option(fc.constant(2)),
    }),
  ),

  issuer: inEnvironment(
    'issuer',
    fc.record({
      issuer: fc.constantFrom('https://a.example', 'https://b.example'),
      audiences: fc.subarray(['one', 'two'], { minLength: 1 }),
      jwksUrl: fc.constant(null),
      jwks: fc.constant({ keys: [{ kty: 'OKP' }] }),
    }),
  ),

  'environment-secret': inEnvironment(
    'environment-secret',
    fc.record({
      name: fc.constantFrom('TOKEN', 'PASSWORD'),
      sealedValue: fc.constantFrom('sealed', 'sealed anew'),
    }),
  ),

  'environment-variable': inEnvironment(
    'environment-variable',
    fc.record({
      name: fc.constantFrom('HOST', 'PORT'),
      value: fc.constantFrom('up.example.com', '8080'),
    }),
  ),

  plan: inEnvironment(
    'plan',
    fc.record({
      rateLimits: fc.subarray([
        { requests: 1, per: 'day' as const, scope: 'environment' as const },
        { requests: 2, per: 'day' as const, scope: 'pipeline' as const },
      ]),
    }),
  ),
}

const KINDS = Object.keys(GENERATED) as Kind[]

const anyOwner: fc.Arbitrary<Owner> = fc.record({
  organization: fc.constantFrom('acme', 'partner'),
  environment: fc.constantFrom('test', 'prod'),
})

/** Records of a kind. */
function recordOf(kind: Kind, of: Owner): fc.Arbitrary<EntityRecord> {
  const generated: Generated<EntityRecord> = GENERATED[kind]
  return fc.constantFrom(...generated.ids(of)).chain((id) => generated.record(of, id))
}

const put: fc.Arbitrary<EntityRecord> = anyOwner.chain((of) =>
  fc.oneof(...KINDS.map((kind) => ({ weight: GENERATED[kind].weight ?? 1, arbitrary: recordOf(kind, of) }))),
)

const REMOVABLE = KINDS.filter((kind): kind is RemovedRecord['of'] => 'remove' in RECORD_KINDS[kind])

const removal: fc.Arbitrary<RemovedRecord> = anyOwner.chain((of) =>
  fc.oneof(
    ...REMOVABLE.map((kind) =>
      fc.record({
        kind: fc.constant('removed' as const),
        of: fc.constant(kind),
        organization: fc.constant(of.organization),
        id: fc.constantFrom(...GENERATED[kind].ids(of)),
      }),
    ),
  ),
)

/** Kinds whose records the snapshot keeps in their environment, and loses with it. */
const HELD: ReadonlySet<string> = new Set(
  KINDS.filter(
    (kind) =>
      RECORD_KINDS[kind].scope === 'environment' && kind !== 'consumer' && kind !== 'basic-credential',
  ),
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
    if (record.kind === 'removed') return this.#remove(record)
    if (!this.#hasOwners(record)) return []
    if (record.kind === 'external-key' || record.kind === 'basic-credential') return this.#replace(record)
    this.rows.set(recordIdentity(record), record)
    return [record]
  }

  #hasOwners(record: EntityRecord): boolean {
    if (record.kind === 'organization') return true
    if (!this.rows.has(`organization ${record.organization} ${record.organization}`)) return false
    const isCredential = record.kind === 'basic-credential'
    if ((isCredential || HELD.has(record.kind)) && 'environment' in record) {
      if (!this.rows.has(`environment ${record.organization} ${record.environment}`)) return false
    }
    return !isCredential || this.rows.has(`consumer ${record.organization} ${record.consumer}`)
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
    for (const [identity, row] of this.rows) {
      if (HELD.has(row.kind) && 'environment' in row && row.organization === owner) {
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

describe('the generated records', () => {
  const sample = { numRuns: 1_000, seed: 1 }

  test('include every kind', () => {
    const generated = new Set<string>(fc.sample(put, sample).map(({ kind }) => kind))
    expect(generated).toEqual(new Set(Object.keys(RECORD_KINDS)))
  })

  test('include a removal of every kind that can be removed', () => {
    expect(new Set(fc.sample(removal, sample).map(({ of }) => of))).toEqual(new Set(REMOVABLE))
  })
})

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
        expect((await Snapshot.fromBytes(snapshot.toBytes())).toRecords()).toEqual(snapshot.toRecords())
        const stored = new Map(snapshot.toRecords().map((record) => [recordIdentity(record), record]))
        expect(stored).toEqual(store.rows)
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

test('a snapshot lists every environment of every organization, and knows no other', () => {
  const snapshot = Snapshot.empty().apply({
    revision: 7,
    atMs: 1,
    records: [...owners, { kind: 'environment', organization: 'acme', name: 'prod' }],
  })
  expect(snapshot.revision).toBe(7)
  const listed = [...snapshot.environments()].map(({ organization, name }) => `${organization} ${name}`)
  expect(listed.toSorted()).toEqual(['acme prod', 'acme test', 'partner test'])
  expect(snapshot.environment('acme', 'prod')).toMatchObject({ organization: 'acme', name: 'prod' })
  expect(snapshot.environment('partner', 'prod')).toBeUndefined()
  expect(snapshot.organization('acme')?.slug).toBe('acme')
  expect(snapshot.organization('nobody')).toBeUndefined()
  expect(snapshot.environment('nobody', 'test')).toBeUndefined()
})

describe('whenStale of an environment', () => {
  const prod = { kind: 'environment', organization: 'acme', name: 'prod' } as const
  const role = { kind: 'role', organization: 'acme', name: 'other', grants: [] } as const
  let revision = 0
  const after = (snapshot: Snapshot, record: FeedRecord): Snapshot =>
    snapshot.apply({ revision: (revision += 1), atMs: 1, records: [record] })
  const chosen = (snapshot: Snapshot) => snapshot.environment('acme', 'prod')?.whenStale

  test('is `serve` in records without it, and follows each record', () => {
    const first = after(Snapshot.empty().apply({ revision: 0, atMs: 1, records: owners }), prod)
    expect(chosen(first)).toBe('serve')
    const refusing = after(first, { ...prod, whenStale: 'refuse' })
    expect(chosen(refusing)).toBe('refuse')
    expect(chosen(after(refusing, prod))).toBe('serve')
    expect(chosen(first)).toBe('serve')
  })

  test('changes nothing else of the environment, and no other record changes it', () => {
    const first = after(Snapshot.empty().apply({ revision: 0, atMs: 1, records: owners }), prod)
    const refusing = after(first, { ...prod, whenStale: 'refuse' })
    const view = refusing.environment('acme', 'prod')
    expect(view).toEqual({ ...first.environment('acme', 'prod'), whenStale: 'refuse' })
    expect(view?.deployments).toBe(first.environment('acme', 'prod')?.deployments)
    expect(after(refusing, role).environment('acme', 'prod')).toBe(view)
    expect(after(refusing, { ...prod, whenStale: 'refuse' }).environment('acme', 'prod')).toBe(view)
    expect(refusing.environment('acme', 'test')?.whenStale).toBe('serve')
  })
})

test('records are listed owners first, then by identity', () => {
  const role = (organization: string, name: string): FeedRecord => ({
    kind: 'role',
    organization,
    name,
    grants: [],
  })
  const records: FeedRecord[] = [
    { kind: 'organization', slug: 'partner' },
    { kind: 'organization', slug: 'acme' },
    { kind: 'environment', organization: 'partner', name: 'test' },
    { kind: 'environment', organization: 'acme', name: 'test' },
    role('partner', 'caller'),
    role('acme', 'reader'),
    role('acme', 'caller'),
  ]
  const snapshot = Snapshot.empty().apply({ revision: 1, atMs: 1, records })
  expect(snapshot.toRecords().map(recordIdentity)).toEqual([
    'organization acme acme',
    'organization partner partner',
    'environment acme test',
    'environment partner test',
    'role acme caller',
    'role acme reader',
    'role partner caller',
  ])
})

test('records of unknown owners change nothing', () => {
  const snapshot = Snapshot.empty().apply({ revision: 1, atMs: 1, records: owners })
  const after = snapshot.apply({
    revision: 2,
    atMs: 1,
    records: [
      { kind: 'environment', organization: 'nobody', name: 'test' },
      { kind: 'role', organization: 'nobody', name: 'caller', grants: [] },
      {
        kind: 'environment-secret',
        organization: 'acme',
        environment: 'prod',
        id: 'sec_1',
        name: 'TOKEN',
        sealedValue: 'v1.a',
      },
      {
        kind: 'environment-variable',
        organization: 'acme',
        environment: 'prod',
        id: 'var_1',
        name: 'HOST',
        value: 'up.example.com',
      },
      { kind: 'removed', of: 'environment', organization: 'nobody', id: 'test' },
      { kind: 'removed', of: 'role', organization: 'nobody', id: 'caller' },
      { kind: 'removed', of: 'deployment', organization: 'nobody', id: 'dep_1' },
      { kind: 'removed', of: 'deployment', organization: 'acme', id: 'dep_1' },
      { kind: 'removed', of: 'consumer', organization: 'acme', id: 'con_1' },
    ],
  })
  expect(after.toRecords()).toEqual(snapshot.toRecords())
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
    expect(after.basicCredentialById('bas_1')).toBeUndefined()
    expect(after.basicCredentialById('bas_2')).toEqual(second)
    const ended = after.apply({ revision: 3, atMs: 1, records: [{ ...gone, id: 'bas_2' }] })
    expect(ended.basicCredential('acme', 'test', 'app')).toBeUndefined()
  })
})

describe('a record that moves to another environment or natural key', () => {
  const movable = KINDS.filter(
    (kind) => RECORD_KINDS[kind].scope === 'environment' || kind === 'external-key',
  ).flatMap((kind) =>
    fc.sample(recordOf(kind, { organization: 'acme', environment: 'test' }), { numRuns: 1, seed: 1 }),
  )
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

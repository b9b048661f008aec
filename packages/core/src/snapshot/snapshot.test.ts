import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeedRecord } from '../feed.ts'
import type { KeyId } from '../key-text.ts'
import type { Trigger } from '../pipeline-spec.ts'
import { recordIdentity, Snapshot } from './snapshot.ts'

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
const deploymentId = (owner: string, env: string) =>
  fc.constantFrom(`dep_${owner}_${env}_1`, `dep_${owner}_${env}_2`)

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
      // A key stays with its organization for good.
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
      id: deploymentId(owner, env),
      pipeline: fc.constantFrom('orders', 'invoices'),
      project: fc.constant('default'),
      version: fc.constantFrom('1.0', '1.1', '2.0'),
      spec: fc.constant({ trigger: TRIGGER, steps: [] }),
    }),
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
      fc.record({ of: fc.constant('deployment' as const), id: deploymentId(owner, env) }),
    )
    .map((removed) => ({ kind: 'removed' as const, organization: owner, ...removed })),
)

/** What a store holds: it refuses what has no owner, and lets go of what belongs to what is gone. */
class StoreModel {
  readonly rows = new Map<string, FeedRecord>()

  /** @returns the records that the store would send, in its order; none for what it refuses */
  write(record: FeedRecord): FeedRecord[] {
    switch (record.kind) {
      case 'organization':
      case 'removed':
        break
      case 'deployment':
        if (!this.rows.has(`environment ${record.organization} ${record.environment}`)) return []
        break
      case 'external-key': {
        // A key is added to an organization once, and a row keeps its key.
        const same = this.rows.get(recordIdentity(record))
        if (same?.kind === 'external-key' && same.keyId !== record.keyId) return []
        const replaced = [...this.rows.values()].filter(
          (row) =>
            row.kind === 'external-key' &&
            row.organization === record.organization &&
            row.keyId === record.keyId &&
            row.id !== record.id,
        )
        if (!this.rows.has(`organization ${record.organization}`)) return []
        for (const row of replaced) this.rows.delete(recordIdentity(row))
        this.rows.set(recordIdentity(record), record)
        // The removal is told last, which is the harder order.
        return [
          record,
          ...replaced.flatMap((row) =>
            row.kind === 'external-key'
              ? [{ kind: 'removed' as const, of: row.kind, organization: row.organization, id: row.id }]
              : [],
          ),
        ]
      }
      default:
        if (!this.rows.has(`organization ${record.organization}`)) return []
    }
    if (record.kind === 'removed') {
      this.rows.delete(recordIdentity(record))
      if (record.of === 'environment') this.#dropDeployments(record.organization, record.id)
    } else {
      this.rows.set(recordIdentity(record), record)
    }
    return [record]
  }

  #dropDeployments(owner: string, env: string): void {
    for (const [identity, row] of this.rows) {
      if (row.kind === 'deployment' && row.organization === owner && row.environment === env) {
        this.rows.delete(identity)
      }
    }
  }

  /** Owners before what they own, otherwise in no order. */
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
  { maxLength: 40 },
)
const founded: FeedRecord[] = ['acme', 'partner'].flatMap((slug) => [
  { kind: 'organization' as const, slug },
  { kind: 'environment' as const, organization: slug, name: 'test' },
])

describe('a snapshot built change by change', () => {
  test('holds what one that is loaded at once holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.boolean(), history, async (isFounded, changes) => {
        const store = new StoreModel()
        let snapshot = Snapshot.empty()
        for (const records of isFounded ? [founded, ...changes] : changes) {
          const sent = records.flatMap((record) => store.write(record))
          snapshot = snapshot.apply({ revision: snapshot.revision + 1, atMs: 1, records: sent })
        }
        const fresh = await load(store.batches(), snapshot.revision)
        expect(snapshot.toRecords()).toEqual(fresh.toRecords())
        expect(snapshot.toRecords()).toHaveLength(store.rows.size)
        expect(snapshot.revision).toBe(fresh.revision)
        for (const row of store.rows.values()) {
          if (row.kind === 'external-key') {
            expect(snapshot.externalKey(row.organization, row.keyId)).toEqual(row)
          }
          if (row.kind === 'consumer') expect(snapshot.consumer(row.id)).toEqual(row)
          if (row.kind === 'key') expect(snapshot.keys.find(row.id)?.toRecord()).toEqual(row)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('leaves each earlier snapshot as it was', () => {
    fc.assert(
      fc.property(history, (changes) => {
        const store = new StoreModel()
        let snapshot = Snapshot.empty()
        const seen: { snapshot: Snapshot; records: FeedRecord[] }[] = []
        for (const records of [founded, ...changes]) {
          const sent = records.flatMap((record) => store.write(record))
          snapshot = snapshot.apply({ revision: snapshot.revision + 1, atMs: 1, records: sent })
          seen.push({ snapshot, records: snapshot.toRecords() })
        }
        for (const each of seen) expect(each.snapshot.toRecords()).toEqual(each.records)
      }),
      { numRuns: 50 },
    )
  })

  test('holds the same when a change comes twice', () => {
    fc.assert(
      fc.property(fc.array(put), (records) => {
        const store = new StoreModel()
        const sent = [...founded, ...records].flatMap((record) => store.write(record))
        const once = Snapshot.empty().apply({ revision: 1, atMs: 1, records: sent })
        expect(once.apply({ revision: 1, atMs: 1, records: sent }).toRecords()).toEqual(once.toRecords())
      }),
      { numRuns: 50 },
    )
  })
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
  ])('of %s: %j permit invoking: %s', (owner, roles, expected) => {
    expect(snapshot.rolesPermit(owner, roles, 'pipelines.invoke', {})).toBe(expected)
  })
})

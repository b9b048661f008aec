import { type Change, Problem, Snapshot } from '@sallyport/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Store, Writer } from '../../port/store.ts'
import { EXAMPLES, seedOf } from '../examples.ts'
import { entry } from '../examples/audit-events.ts'
import { basicCredential } from '../examples/basic-credentials.ts'
import { consumer } from '../examples/consumers.ts'
import { deployment, ended } from '../examples/deployments.ts'
import { environment } from '../examples/environments.ts'
import type { Seed, StoreWrites } from '../examples/example.ts'
import { issuer } from '../examples/issuers.ts'
import { key, keyId, secret } from '../examples/keys.ts'
import { project } from '../examples/projects.ts'
import { pipeline, version } from '../examples/pipelines.ts'
import { environmentSecret } from '../examples/secrets.ts'
import { environmentVariable } from '../examples/variables.ts'
import { signingKey } from '../examples/signing-keys.ts'
import { changesOf, insertOrganization, readSnapshot, type TestDatabase } from '../fixtures.ts'
import { dangling, fold } from '../fold.ts'

const RUNS = 12
const TRANSACTIONS_MIN = 30
const TRANSACTIONS_MAX = 70

/** One step. There are few ids, so that steps affect the same rows. */
interface Step {
  readonly action: number
  readonly which: number
  readonly other: number
  readonly flag: boolean
}

type Action = (tx: Writer, owner: string, step: Step) => Promise<void>

/** Consumer ids are globally unique. */
const consumerId = (owner: string, which: number): string => `con_${owner}_${which}`

const consumerOf = (owner: string, { which, other, flag }: Step) =>
  consumer(owner, consumerId(owner, which), {
    active: flag,
    environment: `env_${other}`,
    pipelines: flag ? [`pipe_${other}`] : [],
    projects: flag ? [`proj_${other}`] : [],
  })

/** Key ids are globally unique. */
const keyOf = (owner: string, { which, other, flag }: Step) =>
  key(owner, keyId(`${owner}${which}`), {
    environment: `env_${other}`,
    consumer: flag ? consumerId(owner, other) : null,
    active: flag,
    roles: flag ? ['invoker'] : [],
  })

/** Keys in both environments; some sign, and some only verify. */
const signingKeyOf = (owner: string, { which, other, flag }: Step) =>
  signingKey(owner, `sig_${which}`, { environment: `env_${other}`, verifiesUntilMs: flag ? 9 : null })

const issuerOf = (owner: string, { which, other, flag }: Step) =>
  issuer(owner, `iss_${which}`, {
    environment: `env_${other}`,
    ...(flag ? { jwksUrl: null, jwks: { keys: [{ kty: 'OKP', kid: `${which}` }] } } : {}),
  })

/** Two names for three ids, so that names are reused under other ids. */
const secretOf = (owner: string, { which, other, flag }: Step) =>
  environmentSecret(owner, `sec_${which}`, {
    environment: `env_${other}`,
    name: `NAME_${which % 2}`,
    sealedValue: `sealed ${flag}`,
  })

const variableOf = (owner: string, { which, other, flag }: Step) =>
  environmentVariable(owner, `var_${which}`, {
    environment: `env_${other}`,
    name: `NAME_${which % 2}`,
    value: `${flag}.example.com`,
  })

/** Two usernames for three ids. Credential ids are globally unique. */
const credentialOf = (owner: string, { which, other }: Step) =>
  basicCredential(owner, `bas_${owner}_${which}`, {
    environment: `env_${other}`,
    username: `user ${which % 2}`,
    consumer: consumerId(owner, other),
  })

async function refuseOutside(): Promise<never> {
  throw new Error(
    'Schedule runs, usage and deliveries are written outside a transaction, and gateways do not receive them',
  )
}

/** Writes of an example that join the transaction. */
function joining(tx: Writer): StoreWrites {
  return {
    write: async (work) => ({ value: await work(tx), revision: 0 }),
    claimRun: refuseOutside,
    finishRun: refuseOutside,
    addUsage: refuseOutside,
    webhookQueues: { claim: refuseOutside, add: refuseOutside, release: refuseOutside },
  }
}

/** Seeds whose ids differ between organizations, because some ids are globally unique. */
const seedFor = (owner: string, index: number): Seed => ({
  ...seedOf(owner, index),
  id: `${owner}_${index}`,
  firstId: `${owner}_0`,
})

/** Each write of each example that gateways receive. */
const EXAMPLE_ACTIONS: readonly Action[] = Object.values(EXAMPLES)
  .filter(({ feedKind }) => feedKind !== null)
  .flatMap(({ insert, update, remove }) => [insert, update, remove])
  .flatMap((write) => write ?? [])
  .map(
    (write) =>
      async (tx, owner, { which }) =>
        void (await write(joining(tx), seedFor(owner, which))),
  )

/** Writes that the examples do not have: rows that move between environments, and names that get another id. */
const OTHER_ACTIONS: readonly Action[] = [
  (tx, owner, { which }) => tx.environments.insert(environment(owner, `env_${which}`)),
  (tx, owner, { which }) => tx.environments.insert(environment(owner, `env_${which}`)),
  (tx, owner, { which }) => tx.environments.remove(owner, `env_${which}`),
  (tx, owner) => tx.environments.remove(owner, 'test'),
  (tx, owner) => tx.environments.insert(environment(owner, 'test')),
  async (tx, owner, { which }) => {
    await tx.pipelines.insert(pipeline(owner, `pipe_${which}`))
    await tx.pipelines.insertVersion(version(owner, `pipe_${which}`))
  },
  (tx, owner, { which }) => tx.pipelines.remove(owner, `pipe_${which}`, 9),
  (tx, owner, { which, other }) =>
    tx.deployments.insert(
      deployment(owner, `dep_${which}`, { pipeline: `pipe_${other}`, environment: `env_${other}` }),
    ),
  (tx, owner, { which }) => tx.deployments.end(owner, `dep_${which}`, ended(5)),
  (tx, owner, { which }) => tx.projects.insert(project(owner, `proj_${which}`)),
  (tx, owner, { which }) => tx.projects.remove(owner, `proj_${which}`),
  (tx, owner, step) => tx.consumers.insert(consumerOf(owner, step)),
  (tx, owner, step) => tx.consumers.insert(consumerOf(owner, step)),
  (tx, owner, step) => tx.consumers.update(consumerOf(owner, step)),
  (tx, owner, { which }) => tx.consumers.remove(owner, consumerId(owner, which)),
  (tx, owner, step) => tx.keys.insert(keyOf(owner, step)),
  (tx, owner, step) => tx.keys.insert(keyOf(owner, step)),
  (tx, owner, step) => tx.keys.update(keyOf(owner, step)),
  (tx, owner, step) => tx.keys.update({ ...keyOf(owner, step), deletedAtMs: 5 }),
  (tx, owner, step) =>
    tx.keys.replaceSecrets(owner, keyOf(owner, step).id, [secret(1), secret(2 + step.other)]),
  (tx, owner, step) => tx.signingKeys.insert(signingKeyOf(owner, step)),
  (tx, owner, { which }) => tx.signingKeys.retire(owner, `sig_${which}`, 9),
  (tx, owner, { which }) => tx.signingKeys.remove(owner, `sig_${which}`),
  (tx, owner, step) => tx.issuers.insert(issuerOf(owner, step)),
  (tx, owner, { which }) => tx.issuers.remove(owner, `iss_${which}`),
  (tx, owner, step) => tx.environmentSecrets.insert(secretOf(owner, step)),
  (tx, owner, step) => tx.environmentSecrets.update(secretOf(owner, step)),
  (tx, owner, { which, other }) => tx.environmentSecrets.remove(owner, `env_${other}`, `NAME_${which % 2}`),
  (tx, owner, step) => tx.environmentVariables.insert(variableOf(owner, step)),
  (tx, owner, step) => tx.environmentVariables.update(variableOf(owner, step)),
  (tx, owner, { which, other }) => tx.environmentVariables.remove(owner, `env_${other}`, `NAME_${which % 2}`),
  (tx, owner, step) => tx.basicCredentials.insert(credentialOf(owner, step)),
  (tx, owner, step) => tx.basicCredentials.insert(credentialOf(owner, step)),
  (tx, owner, { which }) => tx.basicCredentials.remove(owner, `bas_${owner}_${which}`),
  (tx, owner, { which }) => tx.basicCredentials.removeAllOfConsumer(owner, consumerId(owner, which)),
]

const ACTIONS = [...OTHER_ACTIONS, ...EXAMPLE_ACTIONS]

/** Inserts environments and pipelines that the steps refer to. */
async function insertReferences(tx: Writer, owner: string): Promise<void> {
  for (const which of [0, 1]) {
    await tx.environments.insert(environment(owner, `env_${which}`))
    await tx.pipelines.insert(pipeline(owner, `pipe_${which}`))
    await tx.pipelines.insertVersion(version(owner, `pipe_${which}`))
    await tx.consumers.insert(consumer(owner, consumerId(owner, which), { environment: `env_${which}` }))
  }
  tx.audit(entry(owner))
}

/** All changes, oldest first. */
async function allChanges(store: Store): Promise<readonly Change[]> {
  const head = await store.feed.head()
  const all: Change[] = []
  while (all.length < head) all.push(...(await changesOf(store, all.length)))
  return all
}

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  action: fc.nat({ max: ACTIONS.length - 1 }),
  which: fc.nat({ max: 2 }),
  other: fc.nat({ max: 1 }),
  flag: fc.boolean(),
})

/** Applying the changes one by one gives the same state as loading a snapshot. */
export function changesAndSnapshotContract(database: () => Promise<TestDatabase>): void {
  describe('changes and snapshot', () => {
    test('agree after any steps, including failed ones', async () => {
      await using db = await database()
      await using store = await db.open()
      let runs = 0
      let committed = 0
      // Transactions of one or two steps: a failed step rolls back the other one.
      const transactions = fc.array(fc.array(stepArbitrary, { minLength: 1, maxLength: 2 }), {
        minLength: TRANSACTIONS_MIN,
        maxLength: TRANSACTIONS_MAX,
      })
      await fc.assert(
        fc.asyncProperty(transactions, async (list) => {
          const owner = `o${(runs += 1)}`
          await store.write((tx) => insertOrganization(tx, owner))
          await store.write((tx) => insertReferences(tx, owner))
          for (const steps of list) {
            try {
              await store.write(async (tx) => {
                for (const step of steps) await ACTIONS[step.action]?.(tx, owner, step)
                tx.audit(entry(owner))
              })
              committed += 1
            } catch (error) {
              if (!(error instanceof Problem)) throw error
            }
          }
          const changes = await allChanges(store)
          const { revision, records } = await readSnapshot(store)
          expect(revision).toBe(await store.feed.head())
          expect(fold(changes.flatMap((one) => one.records))).toEqual(fold(records))
          expect(dangling(records)).toEqual([])
          // The same comparison with a gateway's snapshot.
          const followed = changes.reduce((snapshot, one) => snapshot.apply(one), Snapshot.empty())
          const loaded = await store.feed.readSnapshot((fresh) => Snapshot.load(revision, fresh.records))
          expect(followed.toRecords()).toEqual(loaded.toRecords())
          expect(loaded.toRecords()).toHaveLength(records.length)
        }),
        { numRuns: RUNS },
      )
      // If nearly all transactions failed, the test would prove nothing. About thirteen per run succeed; five on average
      // is a safe lower bound for random steps.
      expect(committed).toBeGreaterThan(RUNS * 5)
    })
  })
}

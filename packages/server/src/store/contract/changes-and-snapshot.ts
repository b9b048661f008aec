import { Problem } from '@sallyport/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Writer } from '../store.ts'
import { changesOf } from './feed.ts'
import {
  type TestDatabase,
  consumer,
  deployment,
  ended,
  entry,
  environment,
  found,
  key,
  keyId,
  pipeline,
  readSnapshot,
  secret,
  version,
} from './fixtures.ts'
import { dangling, fold } from './fold.ts'

const RUNS = 12
const TRANSACTIONS_MIN = 25
const TRANSACTIONS_MAX = 50

/** One step, on one of a handful of things each, so that steps meet. */
interface Step {
  readonly what: number
  readonly which: number
  readonly other: number
  readonly flag: boolean
}

type Action = (tx: Writer, owner: string, step: Step) => Promise<void>

const consumerOf = (owner: string, { which, other, flag }: Step) =>
  consumer(owner, `con_${which}`, {
    active: flag,
    environment: `env_${other}`,
    pipelines: flag ? [`pipe_${other}`] : [],
  })

/** A key of this run: key ids are unique over all organizations. */
const keyOf = (owner: string, { which, other, flag }: Step) =>
  key(owner, keyId(`${owner}${which}`), {
    environment: `env_${other}`,
    consumer: flag ? `con_${other}` : null,
    active: flag,
    roles: flag ? ['invoker'] : [],
  })

const ACTIONS: readonly Action[] = [
  (tx, owner, { which }) => tx.environments.insert(environment(owner, `env_${which}`)),
  (tx, owner, { which }) => tx.environments.insert(environment(owner, `env_${which}`)),
  (tx, owner, { which }) => tx.environments.remove(owner, `env_${which}`),
  async (tx, owner, { which }) => {
    await tx.pipelines.insert(pipeline(owner, `pipe_${which}`))
    await tx.pipelines.insertVersion(version(owner, `pipe_${which}`))
  },
  (tx, owner, { which }) => tx.pipelines.remove(owner, `pipe_${which}`),
  (tx, owner, { which, other }) =>
    tx.deployments.insert(
      deployment(owner, `dep_${which}`, { pipeline: `pipe_${other}`, environment: `env_${other}` }),
    ),
  (tx, owner, { which }) => tx.deployments.end(owner, `dep_${which}`, ended(5)),
  (tx, owner, step) => tx.consumers.insert(consumerOf(owner, step)),
  (tx, owner, step) => tx.consumers.insert(consumerOf(owner, step)),
  (tx, owner, step) => tx.consumers.update(consumerOf(owner, step)),
  (tx, owner, { which }) => tx.consumers.remove(owner, `con_${which}`),
  (tx, owner, step) => tx.keys.insert(keyOf(owner, step)),
  (tx, owner, step) => tx.keys.insert(keyOf(owner, step)),
  (tx, owner, step) => tx.keys.update(keyOf(owner, step)),
  (tx, owner, step) => tx.keys.update({ ...keyOf(owner, step), deletedAtMs: 5 }),
  (tx, owner, step) =>
    tx.keys.replaceSecrets(owner, keyOf(owner, step).id, [secret(1), secret(2 + step.other)]),
]

/** Environments and pipelines to begin with, or most steps would have nothing to refer to. */
async function furnish(tx: Writer, owner: string): Promise<void> {
  for (const which of [0, 1]) {
    await tx.environments.insert(environment(owner, `env_${which}`))
    await tx.pipelines.insert(pipeline(owner, `pipe_${which}`))
    await tx.pipelines.insertVersion(version(owner, `pipe_${which}`))
    await tx.consumers.insert(consumer(owner, `con_${which}`, { environment: `env_${which}` }))
  }
  tx.audit(entry(owner))
}

const stepArbitrary: fc.Arbitrary<Step> = fc.record({
  what: fc.nat({ max: ACTIONS.length - 1 }),
  which: fc.nat({ max: 2 }),
  other: fc.nat({ max: 1 }),
  flag: fc.boolean(),
})

/** Following the changes one by one leads to what loading afresh gives, whatever was done. */
export function changesAndSnapshotContract(database: () => Promise<TestDatabase>): void {
  describe('changes and snapshot', () => {
    test('agree after any steps, of which some are refused', async () => {
      await using db = await database()
      await using store = await db.open()
      let runs = 0
      let done = 0
      // Transactions of one to three steps: a refused step takes the others of its transaction with it.
      const transactions = fc.array(fc.array(stepArbitrary, { minLength: 1, maxLength: 3 }), {
        minLength: TRANSACTIONS_MIN,
        maxLength: TRANSACTIONS_MAX,
      })
      await fc.assert(
        fc.asyncProperty(transactions, async (list) => {
          const owner = `o${(runs += 1)}`
          await store.write((tx) => found(tx, owner))
          await store.write((tx) => furnish(tx, owner))
          for (const steps of list) {
            try {
              await store.write(async (tx) => {
                for (const step of steps) await ACTIONS[step.what]?.(tx, owner, step)
                tx.audit(entry(owner))
              })
              done += 1
            } catch (error) {
              if (!(error instanceof Problem)) throw error
            }
          }
          const told = (await changesOf(store, 0)).flatMap(({ records }) => records)
          const { revision, records } = await readSnapshot(store)
          expect(revision).toBe(await store.feed.head())
          expect(fold(told)).toEqual(fold(records))
          expect(dangling(records)).toEqual([])
        }),
        { numRuns: RUNS },
      )
      // Steps that are nearly all refused would prove nothing. Some five transactions of a run go through; that two
      // do on the average is certain enough for random steps.
      expect(done).toBeGreaterThan(RUNS * 2)
    })
  })
}

import { describe, expect, test } from 'vitest'
import type { Writer } from '../../port/store.ts'
import { UNIQUE_CONSTRAINTS } from '../../sql/registry.ts'
import { EXAMPLES, insertExamples, seedOf } from '../examples.ts'
import { change } from '../examples/audit-events.ts'
import type { Seed } from '../examples/example.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

/** Concurrent inserts per constraint. */
const RACERS = 8

interface Duplicate {
  readonly entity: string
  readonly constraint: string
  readonly insert: (tx: Writer, seed: Seed, id: string) => Promise<void>
}

const DUPLICATES: readonly Duplicate[] = Object.entries(EXAMPLES).flatMap(([entity, { duplicates = {} }]) =>
  Object.entries(duplicates).map(([constraint, insert]) => ({ entity, constraint, insert })),
)

/** Rows that violate a unique constraint, one after the other and at the same time. */
export function uniqueConstraintsContract(database: () => Promise<TestDatabase>): void {
  describe('unique constraints', () => {
    test('each have an example of a row that they refuse', () => {
      const constraints = DUPLICATES.map(({ constraint }) => constraint)
      expect(constraints.toSorted()).toEqual(Object.keys(UNIQUE_CONSTRAINTS).toSorted())
    })

    test('refuse a second row with the sentence of the constraint', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const seed = seedOf('acme', 0)
      await insertExamples(store, seed)
      for (const { constraint, insert } of DUPLICATES) {
        const { code, detail } = await problemOf(change(store, 'acme', (tx) => insert(tx, seed, 'id_second')))
        expect([constraint, code, detail]).toEqual([
          constraint,
          'conflict',
          UNIQUE_CONSTRAINTS[constraint]?.detail,
        ])
      }
    })

    test('accept exactly one of several concurrent rows', async () => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      for (const [number, { entity, constraint, insert }] of DUPLICATES.entries()) {
        const seed = seedOf(`acme${number}`, 0)
        await store.write((tx) => insertOrganization(tx, seed.owner))
        for (const [name, example] of Object.entries(EXAMPLES)) {
          if (name === entity) break
          await example.insert(store, seed)
        }
        const outcomes = await Promise.all(
          Array.from({ length: RACERS }, async (_, index) => {
            const racer = change(index % 2 === 0 ? store : other, seed.owner, (tx) =>
              insert(tx, seed, `id_${index}`),
            )
            return await racer.then(
              () => 'in',
              () => refusalOf(racer),
            )
          }),
        )
        const conflicts = Array.from({ length: RACERS - 1 }, () => 'conflict')
        expect([constraint, ...outcomes.toSorted()]).toEqual([constraint, ...conflicts, 'in'])
      }
    })
  })
}

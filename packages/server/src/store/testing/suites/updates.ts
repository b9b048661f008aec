import { describe, expect, test } from 'vitest'
import { EXAMPLES, insertExamples, seedOf } from '../examples.ts'
import { change } from '../examples/audit-events.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

type Row = Readonly<Record<string, unknown>>

const SEED = seedOf('acme', 0)

/** Another value of the same type; null stays, because it does not tell the type. */
function otherThan(value: unknown): unknown {
  if (typeof value === 'string') return `${value} changed`
  if (typeof value === 'number') return value + 1
  if (typeof value === 'boolean') return !value
  if (Array.isArray(value)) return []
  return value === null ? null : {}
}

/** Every member of the row with another value, except those that identify it. */
function differing(row: Row, owner = 'organization'): Row {
  const identity = [owner, 'id' in row ? 'id' : 'name']
  const members = Object.entries(row)
  return Object.fromEntries(
    members.map(([name, value]) => [name, identity.includes(name) ? value : otherThan(value)]),
  )
}

/** The members that no update changes, as far as the row has them. */
const fixedOf = ({ organization, id, slug, createdAtMs, createdBy }: Row): Row => ({
  organization,
  id,
  slug,
  createdAtMs,
  createdBy,
})

/** Updates of stored rows. */
export function updatesContract(database: () => Promise<TestDatabase>): void {
  describe('an update', () => {
    test('of a whole row changes only the members that it may', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await insertExamples(store, SEED)
      const updatable: string[] = []
      for (const [name, { get, row, rowUpdate }] of Object.entries(EXAMPLES)) {
        if (rowUpdate === undefined) continue
        updatable.push(name)
        const stored = row(SEED) as Row
        const changed = { ...stored, ...rowUpdate.changes }
        for (const [member, value] of Object.entries(rowUpdate.changes)) {
          expect([name, member, value]).not.toEqual([name, member, stored[member]])
        }
        const update = { ...differing(stored, rowUpdate.owner), ...rowUpdate.changes }
        await change(store, 'acme', (tx) => rowUpdate.apply(tx, update))
        expect([name, await get(store.read, SEED)]).toEqual([name, changed])
        const unknown = { ...stored, ['id' in stored ? 'id' : 'name']: 'unknown' }
        const refused = change(store, 'acme', (tx) => rowUpdate.apply(tx, unknown))
        expect([name, await refusalOf(refused)]).toEqual([name, 'not_found'])
      }
      const { value: writers } = await store.write(async (tx) =>
        Object.entries(tx).flatMap(([name, writer]) => (Object.hasOwn(writer, 'update') ? name : [])),
      )
      expect(updatable.toSorted()).toEqual(writers.toSorted())
    })

    test("keeps the row's identity, creation time and creator", async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await insertExamples(store, SEED)
      for (const [name, { get, row, update }] of Object.entries(EXAMPLES)) {
        if (update === null) continue
        await update(store, SEED)
        const updated = await get(store.read, SEED)
        expect([name, updated]).not.toEqual([name, row(SEED)])
        expect([name, fixedOf(updated as Row)]).toEqual([name, fixedOf(row(SEED) as Row)])
      }
    })
  })
}

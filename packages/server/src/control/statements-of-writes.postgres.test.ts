import { describe, expect, test } from 'vitest'
import { openTestDatabase } from '../../../../test/services/postgres.ts'
import { type StatementRelay, startStatementRelay } from '../../../../test/support/statement-relay.ts'
import { ACME, type AcmeWorld, openAcme, textOf } from './testing/control-world.ts'

interface Recorded extends AsyncDisposable {
  readonly world: AcmeWorld
  readonly relay: StatementRelay
}

async function openRecorded(): Promise<Recorded> {
  const stack = new AsyncDisposableStack()
  const database = stack.use(await openTestDatabase())
  const relay = stack.use(await startStatementRelay(database.url))
  const world = stack.use(await openAcme({}, undefined, { kind: 'postgres', url: relay.url }))
  return { world, relay, [Symbol.asyncDispose]: async () => await stack.disposeAsync() }
}

async function createKey({ world }: Recorded): Promise<string> {
  const { status, body } = await world.own('POST', `${ACME}/keys`, { name: 'measured', type: 'secret' })
  expect(status).toBe(201)
  return textOf(body['key']?.['id'])
}

/** A write transaction is as slow as its statements are many, so their number must not grow unseen. */
describe('on PostgreSQL, a write transaction', () => {
  test('that creates a key has a bounded number of statements, from the lock to the commit', async () => {
    await using recorded = await openRecorded()
    await createKey(recorded)
    recorded.relay.takeWrites()
    await createKey(recorded)
    const writes = recorded.relay.takeWrites()
    expect(writes).toHaveLength(1)
    const [statements = []] = writes
    expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(21)
    expect(statements.at(-1)).toBe('commit')
  })

  test('that deletes one has, too', async () => {
    await using recorded = await openRecorded()
    const id = await createKey(recorded)
    recorded.relay.takeWrites()
    expect((await recorded.world.own('DELETE', `${ACME}/keys/${id}`)).status).toBe(200)
    const writes = recorded.relay.takeWrites()
    expect(writes).toHaveLength(1)
    const [statements = []] = writes
    expect(statements.length, statements.join('\n')).toBeLessThanOrEqual(31)
  })

  test('of several creations that wait has one lock and one commit, and fewer statements for each', async () => {
    await using recorded = await openRecorded()
    await createKey(recorded)
    recorded.relay.takeWrites()
    const gate = Promise.withResolvers<void>()
    const held = recorded.world.store.write(() => gate.promise)
    const creations = Array.from({ length: 8 }, () => createKey(recorded))
    // Each request has been authenticated when its write waits; the first ones may already run.
    await new Promise(setImmediate)
    gate.resolve()
    await Promise.all([held, ...creations])
    const writes = recorded.relay.takeWrites()
    const largest = writes.toSorted((one, other) => other.length - one.length)[0] ?? []
    const parts = largest.filter((statement) => statement.startsWith('savepoint')).length
    expect(parts).toBeGreaterThan(0)
    expect(largest.length, largest.join('\n')).toBeLessThanOrEqual(21 + 13 * parts)
  })
})

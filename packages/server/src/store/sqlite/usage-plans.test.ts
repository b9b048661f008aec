import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recordKeyUses } from '../sql/key-lists/last-uses.ts'
import type { Backend } from '../sql/backend.ts'
import { removeCounters } from '../sql/usage/removed-counters.ts'
import { addSecretSources } from '../sql/usage/secret-sources.ts'
import { addSecretUsage, recordExternalUses } from '../sql/usage/secret-usage.ts'
import { keyId } from '../testing/examples/keys.ts'
import { usageRow } from '../testing/examples/usage.ts'
import { createMigratedFile } from '../testing/migrated-file.ts'
import { statementsOf } from '../testing/statements.ts'
import { openSqlite } from './open.ts'

/** A database without rows. */
async function emptyBackend(stack: AsyncDisposableStack): Promise<Backend> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-usage-'))
  stack.defer(() => rm(folder, { recursive: true }))
  const file = join(folder, 'sallyport.db')
  await createMigratedFile(file)
  return stack.use(await openSqlite(file))
}

test('a flush reads the rows of its keys, and never those of all keys', async () => {
  await using stack = new AsyncDisposableStack()
  const backend = await emptyBackend(stack)
  const { counter, jsonRows } = backend
  const statements = statementsOf({ reader: counter })
  const sources = [{ address: '192.0.2.1', userAgent: 'curl', requests: 1, lastUsedAtMs: 1 }]
  const rows = Array.from({ length: 250 }, (_, index) =>
    usageRow({ keyId: keyId(String(index)), isExternal: index % 2 === 0, sources }),
  )
  for (const write of [addSecretUsage, recordExternalUses, recordKeyUses]) {
    await write(statements.db, rows, jsonRows)
  }
  await addSecretSources(statements.db, rows, backend)
  const found = await statements.plans()
  expect(found).toHaveLength(5)
  for (const plan of found) {
    expect(plan).toMatch(/SCAN json_each/)
    expect(plan).not.toMatch(/SCAN (keys|secrets|known|external_keys)\b/)
  }
})

test('a removal of counters reads the rows of its keys, and never those of all keys', async () => {
  await using stack = new AsyncDisposableStack()
  const backend = await emptyBackend(stack)
  const statements = statementsOf({ reader: backend.counter })
  const removed = {
    replacedSecrets: [{ organization: 'acme', keyId: keyId('a'), removed: [1] }],
    externalKeys: [{ organization: 'acme', keyId: keyId('b') }],
  }
  await removeCounters(statements.db, [removed], backend)
  const found = await statements.plans()
  expect(found).toHaveLength(3)
  for (const plan of found) {
    expect(plan).toMatch(/SEARCH (secret_usage|external_key_usage|secret_sources) USING PRIMARY KEY/)
    expect(plan).not.toMatch(/SCAN (secret_usage|external_key_usage|secret_sources)\b/)
  }
})

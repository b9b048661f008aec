import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { recordKeyUses } from '../sql/key-lists/last-uses.ts'
import { addSecretSources } from '../sql/usage/secret-sources.ts'
import { addSecretUsage, recordExternalUses } from '../sql/usage/secret-usage.ts'
import { keyId } from '../testing/examples/keys.ts'
import { usageRow } from '../testing/examples/usage.ts'
import { createMigratedFile } from '../testing/migrated-file.ts'
import { statementsOf } from '../testing/statements.ts'
import { openSqlite } from './open.ts'

test('a flush reads the rows of its keys, and never those of all keys', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-usage-'))
  await using stack = new AsyncDisposableStack()
  stack.defer(() => rm(folder, { recursive: true }))
  const file = join(folder, 'sallyport.db')
  await createMigratedFile(file)
  const { counter, jsonRows } = stack.use(await openSqlite(file))
  const statements = statementsOf({ reader: counter })
  const sources = [{ address: '192.0.2.1', userAgent: 'curl', requests: 1, lastUsedAtMs: 1 }]
  const rows = Array.from({ length: 250 }, (_, index) =>
    usageRow({ keyId: keyId(String(index)), isExternal: index % 2 === 0, sources }),
  )
  for (const write of [addSecretUsage, recordExternalUses, addSecretSources, recordKeyUses]) {
    await write(statements.db, rows, jsonRows)
  }
  const found = await statements.plans()
  expect(found).toHaveLength(5)
  for (const plan of found) {
    expect(plan).toMatch(/SCAN json_each/)
    expect(plan).not.toMatch(/SCAN (keys|secrets|known|external_keys)\b/)
  }
})

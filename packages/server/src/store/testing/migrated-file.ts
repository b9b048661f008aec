import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../open.ts'

let migrated: Promise<Buffer> | undefined

/** Creates an empty SQLite database in a folder that exists. Copying one takes less time than all migrations. */
export async function createMigratedFile(file: string): Promise<void> {
  migrated ??= migratedFile()
  await writeFile(file, await migrated, { mode: 0o600, flag: 'wx' })
}

async function migratedFile(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-migrated-'))
  try {
    const file = join(folder, 'store.db')
    const store = await openStore({ kind: 'sqlite', file, nowMs: () => 0 })
    await store[Symbol.asyncDispose]()
    return await readFile(file)
  } finally {
    await rm(folder, { recursive: true })
  }
}

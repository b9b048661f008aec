import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { KeyId } from '@sallyport/core'
import { importKey } from '../../packages/server/src/control/testing/imported-keys.ts'
import { importedKeyIds } from '../../packages/server/src/crypto/imported-key-id.ts'
import { openStore } from '../../packages/server/src/store/open.ts'

/**
 * Imports a key of `acme` with a token that was issued elsewhere, into the database of a running server.
 *
 * @param folder the data folder of the server
 * @param consumer the id of the consumer that owns the key, in `prod`
 */
export async function importInto(folder: string, token: string, consumer: string): Promise<KeyId> {
  const masterKey = Buffer.from(await readFile(join(folder, 'master.key'), 'latin1'), 'base64')
  await using store = await openStore({
    kind: 'sqlite',
    file: join(folder, 'sallyport.db'),
    nowMs: Date.now,
  })
  const importedKeyId = importedKeyIds(masterKey)
  const { id } = await importKey({ store, importedKeyId }, token, { environment: 'prod', consumer })
  return id
}

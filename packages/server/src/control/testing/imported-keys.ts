import { tokenDigest, tokenDigestBytes } from '../../crypto/digest.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { Store } from '../../store/port/store.ts'
import { change } from '../../store/testing/examples/audit-events.ts'
import { key, secret } from '../../store/testing/examples/keys.ts'
import type { ControlDeps } from '../routing/dependencies.ts'

/**
 * Adds a key of `acme` with a token that was issued elsewhere, as an import does.
 *
 * @param fields a secret key in every environment, without roles, unless they say otherwise
 */
export async function importKey(
  { store, importedKeyId }: { readonly store: Store } & Pick<ControlDeps, 'importedKeyId'>,
  token: string,
  fields: Partial<KeyRow> = {},
): Promise<KeyRow> {
  const id = importedKeyId(tokenDigestBytes(token))
  const secrets = [secret(1, { digest: tokenDigest(token), hint: 'imported' })]
  const row = key(fields.organization ?? 'acme', id, { name: 'imported', secrets, ...fields })
  await change(store, row.organization, (tx) => tx.keys.insert(row))
  return row
}

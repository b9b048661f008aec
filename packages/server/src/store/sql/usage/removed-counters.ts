import type { Database } from '../../database/schema.ts'
import type { ReplacedSecrets } from '../../feed/staged-change.ts'
import { byText } from '../../database/by-text.ts'

/**
 * Removes the counters of secrets that were removed, and where the requests of rolls came from that have begun or ended: what
 * one roll has recorded is not shown for another. It comes after all other rows of a transaction, first the counters and then
 * the sources and each in the order of the keys, as the flush of usage writes them, so that the two cannot deadlock.
 */
export async function removeCounters(tx: Database, replaced: readonly ReplacedSecrets[]): Promise<void> {
  const ordered = replaced.toSorted((one, other) => byText(one.keyId, other.keyId))
  for (const { organization, keyId, removed } of ordered) {
    if (removed.length === 0) continue
    await tx
      .deleteFrom('secret_usage')
      .where('organization', '=', organization)
      .where('key_id', '=', keyId)
      .where('sequence', 'in', removed)
      .execute()
  }
  for (const { organization, keyId } of ordered) {
    await tx
      .deleteFrom('secret_sources')
      .where('organization', '=', organization)
      .where('key_id', '=', keyId)
      .execute()
  }
}

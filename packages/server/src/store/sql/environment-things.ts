import type { Database } from '../database/schema.ts'
import type { FeedKind, StagedChange } from '../feed/staged-change.ts'

/** What belongs to an environment alone, beside its deployments, and what gateways call each of it. */
const TABLES = [
  ['signing_keys', 'signing-key'],
  ['issuers', 'issuer'],
  ['environment_secrets', 'environment-secret'],
] as const satisfies readonly (readonly [string, FeedKind])[]

/** Removes what belongs to an environment alone, so that it can be removed itself. */
export async function removeEnvironmentThings(
  db: Database,
  staged: StagedChange,
  organization: string,
  environment: string,
): Promise<void> {
  for (const [table, kind] of TABLES) {
    const gone = await db
      .deleteFrom(table)
      .where('organization', '=', organization)
      .where('environment', '=', environment)
      .returning('id')
      .execute()
    for (const id of gone.map((row) => row.id).toSorted()) staged.remove(kind, organization, id)
  }
  // Gateways demand what deployments say, and were never told of the policies.
  await db
    .deleteFrom('policies')
    .where('organization', '=', organization)
    .where('environment', '=', environment)
    .execute()
}

import { claimsOf } from '@sallyport/core'
import type { Database } from '../../database/schema.ts'
import type { LiveRoutes } from '../../port/deployments.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    live_claims: LiveClaimsTable
  }
}

/** One row for each claim of a live deployment, see `claimsOf`. */
interface LiveClaimsTable {
  organization: string
  environment: string
  claim: string
  deployment: string
}

type Claimant = Pick<LiveRoutes, 'organization' | 'environment' | 'id' | 'routes'>

export async function insertClaims(db: Database, claimant: Claimant): Promise<void> {
  const { organization, environment, id } = claimant
  const rows = claimsOf(claimant.routes).map((claim) => ({
    organization,
    environment,
    claim,
    deployment: id,
  }))
  if (rows.length > 0) await db.insertInto('live_claims').values(rows).execute()
}

export async function deleteClaims(db: Database, organization: string, deployment: string): Promise<void> {
  await db
    .deleteFrom('live_claims')
    .where('organization', '=', organization)
    .where('deployment', '=', deployment)
    .execute()
}

/** A query for the ids of the live deployments with one of the claims. */
export function claimants(
  db: Database,
  organization: string,
  environment: string,
  claims: readonly string[],
) {
  return db
    .selectFrom('live_claims')
    .select('deployment')
    .where('organization', '=', organization)
    .where('environment', '=', environment)
    .where('claim', 'in', claims)
}

/**
 * The ids of live deployments with one of the claims: at most so many, of which each claim has a part.
 *
 * @param max at least one for each claim
 */
export async function someClaimants(
  db: Database,
  organization: string,
  environment: string,
  claims: readonly string[],
  max: number,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for (const [index, claim] of claims.entries()) {
    const part = Math.ceil((max - ids.size) / (claims.length - index))
    // In the order of the primary key, so that no other claimant is read.
    const rows = await claimants(db, organization, environment, [claim])
      .orderBy('deployment')
      .limit(part)
      .execute()
    for (const { deployment } of rows) ids.add(deployment)
  }
  return ids
}

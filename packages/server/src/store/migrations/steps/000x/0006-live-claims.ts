import { claimsOf, type DeploymentRoutes } from '@sallyport/core'
import type { Kysely } from 'kysely'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** How many live deployments are in memory at a time. */
const BATCH = 100

/** The tables that this migration reads and writes, as they are at its time. */
interface LiveDeploymentsTable {
  organization: string
  id: string
  environment: string
  routes_json: string
}

interface LiveClaimsTable {
  organization: string
  environment: string
  claim: string
  deployment: string
}

async function copyClaims(untyped: Kysely<unknown>): Promise<void> {
  const db = untyped.withTables<{ live_deployments: LiveDeploymentsTable; live_claims: LiveClaimsTable }>()
  const read = db.selectFrom('live_deployments').select(['organization', 'id', 'environment', 'routes_json'])
  for (let offset = 0; ; offset += BATCH) {
    const rows = await read.orderBy('organization').orderBy('id').limit(BATCH).offset(offset).execute()
    if (rows.length === 0) return
    for (const { organization, id: deployment, environment, routes_json } of rows) {
      const claims = claimsOf(JSON.parse(routes_json) as DeploymentRoutes)
      const values = claims.map((claim) => ({ organization, environment, claim, deployment }))
      if (values.length > 0) await db.insertInto('live_claims').values(values).execute()
    }
  }
}

/** What the gate looks up of live deployments: it compares a version only with those that share a claim with it. */
export const liveClaims: Migration = {
  number: 6,
  name: 'live claims',
  async up(db, { name, tableEnd }) {
    const columns = { organization: name, environment: name, claim: name, deployment: name }
    await table(db, 'live_claims', columns)
      .addPrimaryKeyConstraint('live_claims_pkey', ['organization', 'environment', 'claim', 'deployment'])
      .addForeignKeyConstraint('live_claims_deployment', ['organization', 'deployment'], 'live_deployments', [
        'organization',
        'id',
      ])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('live_claims_of_deployment')
      .on('live_claims')
      .columns(['organization', 'deployment'])
      .execute()
    await copyClaims(db)
  },
}

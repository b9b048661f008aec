import { deploymentFacts, type PipelineSpec } from '@sallyport/core'
import { sql, type Kysely } from 'kysely'
import type { ColumnTypes } from '../../definition/column-types.ts'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** How many specs of up to 256 KiB are in memory at a time. */
const BATCH = 100

/** The tables that this migration reads and writes, as they are at its time. */
interface DeploymentsTable {
  organization: string
  id: string
  environment: string
  pipeline: string
  major: number
  minor: number
  spec_json: string
  created_at: number
  ended_at: number | null
}

interface LiveDeploymentsTable {
  organization: string
  id: string
  environment: string
  pipeline: string
  major: number
  minor: number
  created_at: number
  routes: number
  subject_json: string
  routes_json: string
}

/** What quotas count, as rows of organization, quota and number. */
const COUNTS = [
  sql`select organization, 'keys', count(*) from keys where deleted_at is null group by organization`,
  sql`select organization, 'consumers', count(*) from consumers group by organization`,
  sql`select organization, 'pipelines', count(*) from pipelines group by organization`,
  sql`select organization, 'versions', count(*) from pipeline_versions group by organization`,
  sql`select organization, 'versionBytes', cast(sum(octet_length(source_json) + octet_length(spec_json)) as bigint)
    from pipeline_versions group by organization`,
  sql`select organization, 'deployments', count(*) from live_deployments group by organization`,
  sql`select organization, 'routes', cast(sum(routes) as bigint) from live_deployments group by organization`,
]

async function createTables(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(db, 'live_deployments', {
    organization: name,
    id: name,
    environment: name,
    pipeline: name,
    major: integer,
    minor: integer,
    created_at: integer,
    routes: integer,
    subject_json: text,
    routes_json: text,
  })
    .addPrimaryKeyConstraint('live_deployments_pkey', ['organization', 'id'])
    .addForeignKeyConstraint('live_deployments_deployment', ['organization', 'id'], 'deployments', [
      'organization',
      'id',
    ])
    .modifyEnd(tableEnd)
    .execute()
  await db.schema
    .createIndex('live_deployments_of_environment')
    .on('live_deployments')
    .columns(['organization', 'environment', 'created_at', 'id'])
    .execute()
  await table(db, 'quota_usage', { organization: name, quota: name, used: integer })
    .addPrimaryKeyConstraint('quota_usage_pkey', ['organization', 'quota'])
    .modifyEnd(tableEnd)
    .execute()
}

async function copyLiveDeployments(untyped: Kysely<unknown>): Promise<void> {
  const db = untyped.withTables<{
    deployments: DeploymentsTable
    live_deployments: LiveDeploymentsTable
  }>()
  const live = await db
    .selectFrom('deployments')
    .select(['organization', 'id'])
    .where('ended_at', 'is', null)
    .execute()
  for (let start = 0; start < live.length; start += BATCH) {
    const rows = await Promise.all(
      live
        .slice(start, start + BATCH)
        .map((key) =>
          db
            .selectFrom('deployments')
            .selectAll()
            .where('organization', '=', key.organization)
            .where('id', '=', key.id)
            .executeTakeFirstOrThrow(),
        ),
    )
    const copies = rows.map((row) => {
      const { subject, routes } = deploymentFacts(JSON.parse(row.spec_json) as PipelineSpec)
      const { organization, id, environment, pipeline, major, minor, created_at } = row
      return {
        organization,
        id,
        environment,
        pipeline,
        major,
        minor,
        created_at,
        routes: routes.paths.length,
        subject_json: JSON.stringify(subject),
        routes_json: JSON.stringify(routes),
      }
    })
    await db.insertInto('live_deployments').values(copies).execute()
  }
}

/** What policies and the gate read of live deployments, without their specs; and counters of what quotas limit. */
export const liveDeploymentsAndQuotas: Migration = {
  number: 5,
  name: 'live deployments and quotas',
  async up(db, types) {
    await createTables(db, types)
    await copyLiveDeployments(db)
    for (const count of COUNTS) {
      await sql`insert into quota_usage (organization, quota, used) ${count}`.execute(db)
    }
  },
}

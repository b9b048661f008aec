import type { Kysely } from 'kysely'
import type { ColumnTypes } from '../../definition/column-types.ts'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

async function createRemovedPipelineDeployments(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(
    db,
    'removed_pipeline_deployments',
    {
      organization: name,
      id: name,
      environment: name,
      pipeline: name,
      project: name,
      major: integer,
      minor: integer,
      spec_json: text,
      created_at: integer,
      created_by: text,
      ended_at: integer,
      pipeline_removed_at: integer,
    },
    {
      ended_by: text,
      replaced_by: name,
      origin: name,
      from_deployment: name,
      from_environment: name,
      probed_at: integer,
      probe_results_json: text,
      probe_alarm: integer,
    },
  )
    .addPrimaryKeyConstraint('removed_pipeline_deployments_pkey', ['organization', 'id'])
    .addForeignKeyConstraint(
      'removed_pipeline_deployments_environment',
      ['organization', 'environment'],
      'environments',
      ['organization', 'name'],
    )
    .modifyEnd(tableEnd)
    .execute()
  for (const [index, columns] of [
    ['removed_pipeline_deployments_created', ['organization', 'created_at', 'id']],
    ['removed_pipeline_deployments_ended', ['organization', 'environment', 'ended_at', 'created_at', 'id']],
  ] as const) {
    await db.schema
      .createIndex(index)
      .on('removed_pipeline_deployments')
      .columns([...columns])
      .execute()
  }
}

/**
 * How deployments went live, the ended deployments of removed pipelines, and the removed consumers of deleted keys. All
 * of it is unknown of earlier rows, so none of them is rewritten.
 */
export const history: Migration = {
  number: 19,
  name: 'history',
  async up(db, types) {
    for (const column of ['origin', 'from_deployment', 'from_environment']) {
      await db.schema.alterTable('deployments').addColumn(column, types.name).execute()
    }
    await createRemovedPipelineDeployments(db, types)
    await db.schema.alterTable('keys').addColumn('removed_consumer', types.name).execute()
    await db.schema.alterTable('keys').addColumn('removed_consumer_name', types.text).execute()
  },
}

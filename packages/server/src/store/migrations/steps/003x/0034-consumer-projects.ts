import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** The projects of which a consumer may call every pipeline: none at first. */
export const consumerProjects: Migration = {
  number: 34,
  name: 'consumer-projects',
  async up(db, { name, tableEnd }) {
    await table(db, 'consumer_projects', { organization: name, consumer: name, project: name })
      .addPrimaryKeyConstraint('consumer_projects_pkey', ['organization', 'consumer', 'project'])
      .addForeignKeyConstraint('consumer_projects_consumer', ['organization', 'consumer'], 'consumers', [
        'organization',
        'id',
      ])
      .addForeignKeyConstraint('consumer_projects_project', ['organization', 'project'], 'projects', [
        'organization',
        'name',
      ])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('consumer_projects_of_project')
      .on('consumer_projects')
      .columns(['organization', 'project'])
      .execute()
  },
}

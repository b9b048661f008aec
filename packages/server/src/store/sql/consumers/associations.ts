import type { RecordKey } from '@sallyport/core'
import type { Database } from '../../database/schema.ts'
import { childLines, type LoadChildren } from '../../feed/entity-feed.ts'
import { columns, line, type Lines } from '../../feed/lines.ts'
import type { ConsumerRow } from '../../port/consumers.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    consumer_pipelines: ConsumerPipelinesTable
    consumer_projects: ConsumerProjectsTable
  }
}

interface ConsumerPipelinesTable {
  organization: string
  consumer: string
  pipeline: string
}

interface ConsumerProjectsTable {
  organization: string
  consumer: string
  project: string
}

/** What a consumer may call. */
type Associations = Pick<ConsumerRow, 'pipelines' | 'projects'>
type OwnedAssociations = Associations & Pick<ConsumerRow, 'organization' | 'id'>

/** A consumer's association with a pipeline or a project. */
interface Association {
  readonly organization: string
  readonly consumer: string
  readonly name: string
}

const readAssociation = (lines: Lines): Association => ({
  organization: lines.field(),
  consumer: lines.field(),
  name: lines.field(),
})

const isOf = (association: Association, consumer: RecordKey): boolean =>
  association.consumer === consumer.id && association.organization === consumer.organization

const PIPELINE_LINE = line(...columns('organization', 'consumer', 'pipeline'))
const PIPELINES = childLines({
  select: (db) => db.selectFrom('consumer_pipelines').select(PIPELINE_LINE.as('line')),
  read: readAssociation,
  parentColumn: 'consumer',
  orderColumn: 'pipeline',
  isChildOf: isOf,
})

const PROJECT_LINE = line(...columns('organization', 'consumer', 'project'))
const PROJECTS = childLines({
  select: (db) => db.selectFrom('consumer_projects').select(PROJECT_LINE.as('line')),
  read: readAssociation,
  parentColumn: 'consumer',
  orderColumn: 'project',
  isChildOf: isOf,
})

/** Loads the associations of the consumers that the feed has read. */
export const loadAssociations: LoadChildren<RecordKey, Associations> = async (db, consumers, range) => {
  const pipelines = await PIPELINES(db, consumers, range)
  const projects = await PROJECTS(db, consumers, range)
  return consumers.map((_consumer, index) => ({
    pipelines: (pipelines[index] ?? []).map(({ name }) => name),
    projects: (projects[index] ?? []).map(({ name }) => name),
  }))
}

/** Reads the associations of consumers of one organization, in order of names. @returns how to find those of one */
export async function associationsOf(
  db: Database,
  organization: string,
  consumers: readonly string[],
): Promise<(consumer: string) => Associations> {
  if (consumers.length === 0) return () => ({ pipelines: [], projects: [] })
  const pipelines = await db
    .selectFrom('consumer_pipelines')
    .select(['consumer', 'pipeline'])
    .where('organization', '=', organization)
    .where('consumer', 'in', consumers)
    .orderBy('pipeline')
    .execute()
  const projects = await db
    .selectFrom('consumer_projects')
    .select(['consumer', 'project'])
    .where('organization', '=', organization)
    .where('consumer', 'in', consumers)
    .orderBy('project')
    .execute()
  const pipelinesOf = Map.groupBy(pipelines, ({ consumer }) => consumer)
  const projectsOf = Map.groupBy(projects, ({ consumer }) => consumer)
  return (consumer) => ({
    pipelines: (pipelinesOf.get(consumer) ?? []).map(({ pipeline }) => pipeline),
    projects: (projectsOf.get(consumer) ?? []).map(({ project }) => project),
  })
}

/** Stores the associations of a consumer that has none in the database. */
export async function associate(db: Database, row: OwnedAssociations): Promise<void> {
  const { organization, id: consumer } = row
  const pipelines = [...new Set(row.pipelines)].map((pipeline) => ({ organization, consumer, pipeline }))
  if (pipelines.length > 0) await db.insertInto('consumer_pipelines').values(pipelines).execute()
  const projects = [...new Set(row.projects)].map((project) => ({ organization, consumer, project }))
  if (projects.length > 0) await db.insertInto('consumer_projects').values(projects).execute()
}

/** Removes the associations of a consumer. */
export async function dissociate(db: Database, organization: string, consumer: string): Promise<void> {
  for (const table of ['consumer_pipelines', 'consumer_projects'] as const) {
    await db
      .deleteFrom(table)
      .where('organization', '=', organization)
      .where('consumer', '=', consumer)
      .execute()
  }
}

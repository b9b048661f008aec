import type { DeploymentEnd, DeploymentRow } from '../../port/deployments.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, type StoredRow, createdColumns, createdList } from './example.ts'
import { spec } from './pipelines.ts'

export function deployment(owner: string, id: string, more: Partial<DeploymentRow> = {}): DeploymentRow {
  return {
    organization: owner,
    id,
    environment: 'test',
    pipeline: 'orders',
    project: 'default',
    major: 1,
    minor: 0,
    spec: spec(),
    origin: null,
    from: null,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    endedAtMs: null,
    endedBy: null,
    replacedBy: null,
    pipelineRemovedAtMs: null,
    ...more,
  }
}

/** The end of a deployment that is taken down, or replaced by another. */
export function ended(endedAtMs: number, replacedBy: string | null = null): DeploymentEnd {
  return { endedAtMs, endedBy: 'setup', replacedBy }
}

const row = ({ owner, id, createdAtMs }: Seed): DeploymentRow =>
  deployment(owner, id, { pipeline: id, createdAtMs })

/** An ended deployment that the live one followed. */
const previous = ({ owner, id, createdAtMs }: Seed): DeploymentRow =>
  deployment(owner, `ended ${id}`, { pipeline: id, createdAtMs, endedAtMs: createdAtMs })

/** Without the columns of a deployment's end, which a later migration adds. */
function stored(more: DeploymentRow): StoredRow {
  const columns = {
    organization: more.organization,
    id: more.id,
    environment: more.environment,
    pipeline: more.pipeline,
    project: more.project,
    major: more.major,
    minor: more.minor,
    spec_json: JSON.stringify(more.spec),
    ended_at: more.endedAtMs,
    ...createdColumns(more),
  }
  return ['deployments', columns]
}

export const deploymentsExample: Example<DeploymentRow> = {
  isTenant: true,
  feedKind: 'deployment',
  row,
  insert: (store, seed) =>
    change(store, seed.owner, async (tx) => {
      await tx.deployments.insert(previous(seed))
      await tx.deployments.insert(row(seed))
    }),
  get: (read, { owner, id }) => read.deployments.get(owner, id),
  queries: (read, seed) => [
    read.deployments.allLive(seed.owner, 'test'),
    read.deployments.liveSubjects(seed.owner, 'test'),
    read.deployments.liveRoutes(seed.owner, 'test'),
    read.deployments.related(seed.owner, 'test', {
      pipeline: seed.id,
      major: 1,
      claims: ['route /orders/:'],
    }),
    read.deployments.atHosts(seed.owner, 'test', 'any'),
    read.deployments.countLive(seed.owner, 'test'),
    read.deployments.countLiveOfPipeline(seed.owner, seed.id),
    read.deployments.previous(row(seed)),
  ],
  lists: {
    deployments: createdList((read, { owner }, page) => read.deployments.list(owner, page)),
    subjects: createdList((read, { owner }, page) => read.deployments.listSubjects(owner, 'test', page)),
    history: createdList((read, { owner }, page) => read.deployments.list(owner, page, { state: 'all' })),
  },
  update: (store, { owner, id }) =>
    change(store, owner, (tx) => tx.deployments.end(owner, id, ended(FIRST_MS + 9))),
  remove: null,
  duplicates: { deployments_live: (tx, seed, id) => tx.deployments.insert({ ...row(seed), id }) },
  since: 1,
  stored: (seed) => [stored(previous(seed)), stored(row(seed))],
}

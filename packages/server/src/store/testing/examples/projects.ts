import type { ProjectRow } from '../../port/projects.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdList } from './example.ts'

export function project(owner: string, name: string, more: Partial<ProjectRow> = {}): ProjectRow {
  return { organization: owner, name, description: null, createdAtMs: FIRST_MS, ...more }
}

const row = ({ owner, id, createdAtMs }: Seed): ProjectRow => project(owner, id, { createdAtMs })

export const projectsExample: Example<ProjectRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.projects.insert(row(seed))),
  get: (read, { owner, id }) => read.projects.get(owner, id),
  queries: (read, { owner }) => [read.projects.countPipelines(owner, 'default')],
  lists: { projects: createdList((read, { owner }, page) => read.projects.list(owner, page)) },
  update: (store, { owner, id }) => change(store, owner, (tx) => tx.projects.describe(owner, id, 'changed')),
  remove: (store, { owner, id }) => change(store, owner, (tx) => tx.projects.remove(owner, id)),
  duplicates: { projects_pkey: (tx, seed) => tx.projects.insert(row(seed)) },
  since: 1,
  stored(seed) {
    const { organization, name, description, createdAtMs } = row(seed)
    return [['projects', { organization, name, description, created_at: createdAtMs }]]
  },
}

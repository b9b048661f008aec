import type { PipelineSpec } from '@sallyport/core'
import type { PipelineRow, VersionRow } from '../../port/pipelines.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, type StoredRow, createdColumns, createdList } from './example.ts'

export function pipeline(owner: string, name: string, more: Partial<PipelineRow> = {}): PipelineRow {
  return { organization: owner, name, project: 'default', createdAtMs: FIRST_MS, ...more }
}

export function spec(path = '/orders/:id'): PipelineSpec {
  return {
    trigger: {
      kind: 'rest',
      paths: [path],
      methods: ['GET'],
      authentication: { apiKey: true, jwt: false, basic: false },
      acceptsPublicKeys: false,
      apiKeyInQuery: false,
      login: false,
      cors: null,
      requestBytesMax: 5_242_880,
      timeoutMs: 30_000,
      rateLimits: [{ requests: 100, per: 'minute', by: 'consumer' }],
      responseHeaders: { 'x-note': 'a "quoted" line\n' },
      schedule: null,
    },
    steps: [{ kind: 'respond', status: 200, headers: {}, body: { naïve: ['ö', null, 1.5] } }],
  }
}

export function version(owner: string, name: string, more: Partial<VersionRow> = {}): VersionRow {
  return {
    organization: owner,
    pipeline: name,
    major: 1,
    minor: 0,
    source: { trigger: { kind: 'rest' } },
    spec: spec(),
    comment: null,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

interface PipelineExampleRow {
  readonly pipeline: PipelineRow
  readonly version: VersionRow
}

const row = ({ owner, id, createdAtMs }: Seed): PipelineExampleRow => ({
  pipeline: pipeline(owner, id, { createdAtMs }),
  version: version(owner, id),
})

/** A version of the pipeline `orders`, in order of neither major nor minor. */
const orders = ({ owner, index }: Seed): VersionRow =>
  version(owner, 'orders', { major: 2 + (index % 2), minor: index })

export function storedPipeline(more: PipelineRow): StoredRow {
  const { organization, name, project, createdAtMs } = more
  return ['pipelines', { organization, name, project, created_at: createdAtMs }]
}

export function storedVersion(more: VersionRow): StoredRow {
  const columns = {
    organization: more.organization,
    pipeline: more.pipeline,
    major: more.major,
    minor: more.minor,
    source_json: JSON.stringify(more.source),
    spec_json: JSON.stringify(more.spec),
    ...createdColumns(more),
  }
  return ['pipeline_versions', columns]
}

export const pipelinesExample: Example<PipelineExampleRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) =>
    change(store, seed.owner, async (tx) => {
      await tx.pipelines.insert(row(seed).pipeline)
      await tx.pipelines.insertVersion(row(seed).version)
      await tx.pipelines.insertVersion(orders(seed))
    }),
  async get(read, { owner, id }) {
    const [stored, first] = [
      await read.pipelines.get(owner, id),
      await read.pipelines.version(owner, id, 1, 0),
    ]
    return stored && first && { pipeline: stored, version: first }
  },
  queries: (read, { owner, id }) => [
    read.pipelines.latestVersion(owner, id),
    read.pipelines.latestVersion(owner, 'orders', 1),
    read.pipelines.latestVersions(owner, [id, 'orders']),
  ],
  lists: {
    pipelines: createdList((read, { owner }, page) => read.pipelines.list(owner, page)),
    versions: {
      read: (read, { owner }, page) => read.pipelines.listVersions(owner, 'orders', page),
      cursor: ['number', 'number'],
    },
  },
  update: null,
  remove: (store, { owner, id }) => change(store, owner, (tx) => tx.pipelines.remove(owner, id, 9)),
  duplicates: {
    pipelines_pkey: (tx, seed) => tx.pipelines.insert(row(seed).pipeline),
    pipeline_versions_pkey: (tx, seed) => tx.pipelines.insertVersion(orders(seed)),
  },
  since: 1,
  stored: (seed) => [
    storedPipeline(row(seed).pipeline),
    storedVersion(row(seed).version),
    storedVersion(orders(seed)),
  ],
}

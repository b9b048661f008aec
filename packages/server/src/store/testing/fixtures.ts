import type { FeedRecord, KeyId, PipelineSpec } from '@sallyport/core'
import type { AuditEntry } from '../port/audit-events.ts'
import type { ConsumerRow } from '../port/consumers.ts'
import type { DeploymentEnd, DeploymentRow } from '../port/deployments.ts'
import type { EnvironmentRow } from '../port/environments.ts'
import type { KeyRow, SecretRow } from '../port/keys.ts'
import type { OrganizationRow } from '../port/organizations.ts'
import type { Page, PageRequest } from '../port/paging.ts'
import type { PipelineRow, VersionRow } from '../port/pipelines.ts'
import type { PolicyRow } from '../port/policies.ts'
import type { ProjectRow } from '../port/projects.ts'
import type { Store, Writer } from '../port/store.ts'
import type { Backend } from '../sql/backend.ts'

/** A new, empty database. Each `open` is one more store on it, as another process would have it. */
export interface TestDatabase extends AsyncDisposable {
  open(nowMs?: () => number): Promise<Store>
  /** One more connection to it, without any tables being made. */
  backend(): Backend
}

export const FIRST_MS = 1_700_000_000_000
export const EVERYTHING: PageRequest = { limit: 1_000 }

export function organization(slug: string, more: Partial<OrganizationRow> = {}): OrganizationRow {
  return { slug, name: slug.toUpperCase(), createdAtMs: FIRST_MS, ...more }
}

export function environment(owner: string, name: string, more: Partial<EnvironmentRow> = {}): EnvironmentRow {
  return { organization: owner, name, position: 0, createdAtMs: FIRST_MS, ...more }
}

export function policy(owner: string, more: Partial<PolicyRow> = {}): PolicyRow {
  return {
    organization: owner,
    environment: 'test',
    version: 1,
    mode: 'any',
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

export function project(owner: string, name: string, more: Partial<ProjectRow> = {}): ProjectRow {
  return { organization: owner, name, description: null, createdAtMs: FIRST_MS, ...more }
}

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
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

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
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    endedAtMs: null,
    endedBy: null,
    replacedBy: null,
    ...more,
  }
}

/** How a deployment ends that is taken down, unless another takes its place. */
export function ended(endedAtMs: number, replacedBy: string | null = null): DeploymentEnd {
  return { endedAtMs, endedBy: 'setup', replacedBy }
}

export function consumer(owner: string, id: string, more: Partial<ConsumerRow> = {}): ConsumerRow {
  return {
    organization: owner,
    id,
    name: `name of ${id}`,
    description: null,
    environment: 'test',
    active: true,
    pipelines: [],
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

export function secret(sequence: number, more: Partial<SecretRow> = {}): SecretRow {
  return {
    sequence,
    digest: sequence.toString(16).padStart(64, '0'),
    hint: `sp_sk_…${sequence}`,
    createdAtMs: FIRST_MS,
    expiresAtMs: null,
    requests: 0,
    lastUsedAtMs: null,
    lastUsedAddress: null,
    ...more,
  }
}

/** A key id that ends in `name`. */
export function keyId(name: string): KeyId {
  return `key_${name.padStart(16, '0')}`
}

export function key(owner: string, id: KeyId, more: Partial<KeyRow> = {}): KeyRow {
  return {
    organization: owner,
    id,
    name: `name of ${id}`,
    type: 'secret',
    environment: 'test',
    consumer: null,
    roles: [],
    active: true,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    expiresAtMs: null,
    deletedAtMs: null,
    addressRules: [],
    rateLimits: [],
    publicTokens: [],
    secrets: [secret(1)],
    ...more,
  }
}

export function entry(owner: string, more: Partial<AuditEntry> = {}): AuditEntry {
  return {
    organization: owner,
    atMs: FIRST_MS,
    actor: 'setup',
    action: 'test.change',
    target: `organization/${owner}`,
    before: null,
    after: null,
    ...more,
  }
}

/** An organization with environments `test` and `prod`, project `default`, and pipeline `orders` 1.0. */
export async function found(tx: Writer, owner: string, createdAtMs = FIRST_MS): Promise<void> {
  await tx.organizations.insert(organization(owner, { createdAtMs }))
  await tx.environments.insert(environment(owner, 'test', { position: 0 }))
  await tx.environments.insert(environment(owner, 'prod', { position: 1 }))
  await tx.projects.insert(project(owner, 'default'))
  await tx.pipelines.insert(pipeline(owner, 'orders'))
  await tx.pipelines.insertVersion(version(owner, 'orders'))
  tx.audit(entry(owner, { action: 'organizations.create' }))
}

/** Writes and leaves one audit record behind, as every operation does. */
export async function change<T>(
  store: Store,
  owner: string,
  work: (tx: Writer) => Promise<T>,
): Promise<{ readonly value: T; readonly revision: number }> {
  return await store.write(async (tx) => {
    const value = await work(tx)
    tx.audit(entry(owner))
    return value
  })
}

/** Everything in a list, page by page. */
export async function allPages<T>(
  list: (page: PageRequest) => Promise<Page<T>>,
  limit: number,
): Promise<readonly (readonly T[])[]> {
  const pages: (readonly T[])[] = []
  let cursor: string | undefined
  do {
    const page: Page<T> = await list({ limit, cursor })
    pages.push(page.items)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return pages
}

/** The snapshot's revision and records, in the order they came. */
export async function readSnapshot(
  store: Store,
): Promise<{ readonly revision: number; readonly records: readonly FeedRecord[] }> {
  return await store.feed.readSnapshot(async (snapshot) => {
    const records: FeedRecord[] = []
    for await (const batch of snapshot.records) records.push(...batch)
    return { revision: snapshot.revision, records }
  })
}

import type { FeedRecord } from '@sallyport/core'
import type { FeedChange, FeedPosition } from '../port/feed.ts'
import type { Page, PageRequest } from '../port/pages/paging.ts'
import type { Store, Writer } from '../port/store.ts'
import type { Backend } from '../sql/backend.ts'
import { entry } from './examples/audit-events.ts'
import { environment } from './examples/environments.ts'
import { FIRST_MS } from './examples/example.ts'
import { organization } from './examples/organizations.ts'
import { pipeline, version } from './examples/pipelines.ts'
import { project } from './examples/projects.ts'
/** A new, empty database. Each `open` returns another store on it, as another process would have. */
export interface TestDatabase extends AsyncDisposable {
  open(nowMs?: () => number, writeMsMax?: number): Promise<Store>
  /** Opens another backend on it without running the migrations. */
  backend(): Promise<Backend>
}

export const EVERYTHING: PageRequest = { limit: 1_000 }

/**
 * Inserts an organization with the environments `test` and `prod`, the project `default` and version 1.0 of the pipeline
 * `orders`.
 */
export async function insertOrganization(tx: Writer, owner: string, createdAtMs = FIRST_MS): Promise<void> {
  await tx.organizations.insert(organization(owner, { createdAtMs }))
  await tx.environments.insert(environment(owner, 'test', { position: 0 }))
  await tx.environments.insert(environment(owner, 'prod', { position: 1 }))
  await tx.projects.insert(project(owner, 'default'))
  await tx.pipelines.insert(pipeline(owner, 'orders'))
  await tx.pipelines.insertVersion(version(owner, 'orders'))
  tx.audit(entry(owner, { action: 'organizations.create' }))
}

/** Reads all pages of a list. */
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

/** Reads the snapshot: its revision, and its records in order. */
export async function readSnapshot(
  store: Store,
): Promise<FeedPosition & { readonly records: readonly FeedRecord[] }> {
  return await store.feed.readSnapshot(async (snapshot) => {
    const records: FeedRecord[] = []
    for await (const batch of snapshot.records) records.push(...batch)
    return { revision: snapshot.revision, hash: snapshot.hash, records }
  })
}

/** Reads the changes after a revision; throws if the database does not have them. */
export async function changesOf(
  store: Store,
  revision: number,
  limit = 1_000,
): Promise<readonly FeedChange[]> {
  const changes = await store.feed.changesAfter(revision, limit)
  if (typeof changes === 'string') throw new Error(`Changes after ${revision} are ${changes}`)
  return changes
}

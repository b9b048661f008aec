import { changeHash, FIRST_CHANGE_HASH } from '../../packages/server/src/store/feed/change-hash.ts'
import { openStore, type StoreSettings } from '../../packages/server/src/store/open.ts'
import { verifyAuditChain } from '../../packages/server/src/store/audit/audit-chain.ts'
import type { AuditRow } from '../../packages/server/src/store/port/audit-events.ts'
import type { KeyRow } from '../../packages/server/src/store/port/keys.ts'
import type { Page, PageRequest } from '../../packages/server/src/store/port/pages/paging.ts'
import { openPostgres } from '../../packages/server/src/store/postgres/open.ts'
import { openSqlite } from '../../packages/server/src/store/sqlite/open.ts'

/** What a database holds of `acme`, read without a server. */
export interface StoredHistory {
  readonly keys: readonly KeyRow[]
  readonly auditRows: readonly AuditRow[]
  /** The sequence of the first broken row of the audit log, or undefined. */
  readonly auditFault: number | undefined
  /** The revision of the first change that does not follow from the one before it, or undefined. */
  readonly changeFault: number | undefined
}

export async function storedHistory(settings: StoreSettings): Promise<StoredHistory> {
  await using store = await openStore({ ...settings, nowMs: Date.now })
  const auditRows = await everything((page) => store.read.audit.list('acme', page))
  return {
    keys: await everything((page) => store.read.keys.list('acme', page)),
    auditRows,
    auditFault: verifyAuditChain(auditRows),
    changeFault: await firstBrokenChange(settings),
  }
}

/** The ids of the keys whose creation is in the audit log. */
export function auditedCreations({ auditRows }: StoredHistory): readonly string[] {
  return auditRows
    .filter(({ action }) => action === 'keys.create')
    .map(({ target }) => target.replace('key/', ''))
}

async function everything<T>(list: (page: PageRequest) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = []
  let cursor: string | undefined
  do {
    const page = await list({ limit: 200, cursor })
    rows.push(...page.items)
    cursor = page.next ?? undefined
  } while (cursor !== undefined)
  return rows
}

async function firstBrokenChange(settings: StoreSettings): Promise<number | undefined> {
  await using backend =
    settings.kind === 'sqlite' ? await openSqlite(settings.file) : openPostgres(settings.url)
  const changes = await backend.reader.selectFrom('changes').selectAll().orderBy('revision').execute()
  let [revision, hash] = [0, FIRST_CHANGE_HASH]
  for (const row of changes) {
    const expected = changeHash(hash, revision + 1, row.committed_at, row.records_json)
    if (row.revision !== revision + 1 || row.previous_hash !== hash || row.hash !== expected)
      return row.revision
    ;({ revision, hash } = row)
  }
  return undefined
}

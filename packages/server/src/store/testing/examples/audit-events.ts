import { chainAuditEntry } from '../../audit/audit-chain.ts'
import type { AuditEntry } from '../../port/audit-events.ts'
import type { Store, Writer } from '../../port/store.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'

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

/** Writes with one audit record, as every operation does. */
export async function change<T>(
  store: Pick<Store, 'write'>,
  owner: string,
  work: (tx: Writer) => Promise<T>,
): Promise<{ readonly value: T; readonly revision: number }> {
  return await store.write(async (tx) => {
    const value = await work(tx)
    tx.audit(entry(owner))
    return value
  })
}

const row = ({ owner, id, createdAtMs }: Seed): AuditEntry =>
  entry(owner, { action: `example.${id}`, atMs: createdAtMs, after: { id } })

export const auditExample: Example<AuditEntry> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => store.write(async (tx) => tx.audit(row(seed))),
  async get(read, seed) {
    const { items } = await read.audit.list(seed.owner, { limit: 1_000 })
    const event = items.find(({ action }) => action === row(seed).action)
    if (event === undefined) return undefined
    const { sequence: _, previousHash: __, hash: ___, ...rest } = event
    return rest
  },
  queries: (read, { owner }) => [read.audit.head(owner), read.audit.after(owner, 1, 10)],
  lists: {
    audit: { read: (read, { owner }, page) => read.audit.list(owner, page), cursor: ['number'] },
    newestAudit: {
      read: (read, { owner }, page) => read.audit.newest(owner, page, {}),
      cursor: ['number', 'number'],
    },
  },
  update: null,
  remove: null,
  since: 1,
  stored(seed) {
    const chained = chainAuditEntry(row(seed), undefined)
    return [
      [
        'audit_events',
        {
          organization: chained.organization,
          sequence: chained.sequence,
          happened_at: chained.atMs,
          actor: chained.actor,
          action: chained.action,
          target: chained.target,
          before_json: JSON.stringify(chained.before),
          after_json: JSON.stringify(chained.after),
          previous_hash: chained.previousHash,
          hash: chained.hash,
        },
      ],
    ]
  },
}

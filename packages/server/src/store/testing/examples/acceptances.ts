import type { AcceptanceRefusalRow } from '../../port/acceptances.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns } from './example.ts'
import { keyId } from './keys.ts'

export function refusal(
  organization: string,
  more: Partial<AcceptanceRefusalRow> = {},
): AcceptanceRefusalRow {
  return { organization, keyId: null, partner: null, createdAtMs: FIRST_MS, createdBy: 'setup', ...more }
}

const row = ({ owner, index, id, createdAtMs }: Seed): AcceptanceRefusalRow =>
  refusal(owner, { keyId: keyId(`${owner}${index}`), partner: `partner-${id}`, createdAtMs })

export const acceptancesExample: Example<AcceptanceRefusalRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) =>
    change(store, seed.owner, async (tx) => void (await tx.acceptances.refuse(row(seed)))),
  get: (read, seed) => read.acceptances.get(row(seed)),
  queries: (read, seed) => [read.acceptances.refusalsOf(seed.owner, row(seed).keyId ?? keyId(''))],
  lists: {
    acceptances: {
      read: (read, { owner }, page) => read.acceptances.list(owner, page),
      cursor: ['string', 'string'],
    },
  },
  update: null,
  remove: (store, seed) =>
    change(store, seed.owner, async (tx) => void (await tx.acceptances.allow(row(seed)))),
  duplicates: {
    acceptance_refusals_pkey: async (tx, seed) => void (await tx.acceptances.refuse(row(seed))),
  },
  since: 8,
  stored(seed) {
    const { organization, keyId: key, partner, ...rest } = row(seed)
    return [['acceptance_refusals', { organization, key_id: key, partner, ...createdColumns(rest) }]]
  },
}

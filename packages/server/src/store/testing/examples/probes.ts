import type { ProbeRow } from '../../port/probes.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed } from './example.ts'

export function probe(owner: string, deployment: string, more: Partial<ProbeRow> = {}): ProbeRow {
  return {
    organization: owner,
    deployment,
    checkedAtMs: FIRST_MS,
    results: [{ method: 'GET', route: '/orders/:id', outcome: 'credential_missing', alarm: false }],
    alarm: false,
    ...more,
  }
}

const row = ({ owner, id, createdAtMs }: Seed): ProbeRow => probe(owner, id, { checkedAtMs: createdAtMs })

export const probesExample: Example<ProbeRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.probes.save(row(seed))),
  get: (read, { owner, id }) => read.probes.get(owner, id),
  queries: () => [],
  lists: {},
  update: (store, seed) =>
    change(store, seed.owner, (tx) => tx.probes.save({ ...row(seed), alarm: true, results: [] })),
  remove: null,
  since: 2,
  stored(seed) {
    const { organization, deployment, checkedAtMs, results } = row(seed)
    const results_json = JSON.stringify(results)
    return [
      ['deployment_probes', { organization, deployment, checked_at: checkedAtMs, results_json, alarm: 0 }],
    ]
  },
}

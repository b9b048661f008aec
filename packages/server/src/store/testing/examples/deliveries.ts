import type { DeliveryRow } from '../../port/webhooks/deliveries.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, type StoreWrites } from './example.ts'

export function delivery(
  organization: string,
  webhook: string,
  sequence: number,
  more: Partial<DeliveryRow> = {},
): DeliveryRow {
  return {
    organization,
    webhook,
    id: `evt_${sequence}`,
    sequence,
    type: 'key.created',
    subject: `key/${sequence}`,
    happenedAtMs: FIRST_MS,
    state: 'pending',
    attempts: [{ atMs: FIRST_MS, durationMs: 7, status: null, error: 'timeout' }],
    attemptCount: 1,
    failures: 1,
    nextAttemptAtMs: FIRST_MS + 10,
    givesUpAtMs: FIRST_MS + 1_000,
    endedAtMs: null,
    ...more,
  }
}

/** All are of the first webhook. */
const row = ({ owner, firstId, index }: Seed): DeliveryRow => delivery(owner, firstId, index + 1)

async function insert({ webhookQueues }: StoreWrites, seed: Seed): Promise<void> {
  const queue = { organization: seed.owner, webhook: seed.firstId }
  const hold = { holder: 'example', leasedUntilMs: FIRST_MS + 1 }
  const claimed = await webhookQueues.claim(queue, hold, FIRST_MS)
  if (claimed === undefined) throw new Error('the queue of the example is not due')
  await webhookQueues.add(queue, hold, [row(seed)], claimed.position)
  await webhookQueues.release(claimed, hold, 0)
}

export const deliveriesExample: Example<DeliveryRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert,
  get: (read, seed) => read.deliveries.get(seed.owner, seed.firstId, row(seed).id),
  queries: (read, seed) => [
    read.deliveries.pending(seed.owner, seed.firstId),
    read.deliveries.newestOfSubject(seed.owner, seed.firstId, row(seed).subject),
  ],
  lists: {
    deliveries: {
      read: (read, { owner, firstId }, page) => read.deliveries.list(owner, firstId, page),
      cursor: ['number'],
    },
  },
  update: (store, seed) =>
    change(store, seed.owner, (tx) =>
      tx.deliveries.replay({ ...row(seed), failures: 0, nextAttemptAtMs: FIRST_MS }),
    ),
  remove: null,
  since: 16,
  stored(seed) {
    const { organization, webhook, sequence, id, type, subject, ...rest } = row(seed)
    return [
      [
        'webhook_deliveries',
        {
          organization,
          webhook,
          sequence,
          id,
          type,
          subject,
          happened_at: rest.happenedAtMs,
          state: rest.state,
          attempts_json: JSON.stringify(rest.attempts),
          attempt_count: rest.attemptCount,
          failures: rest.failures,
          gives_up_at: rest.givesUpAtMs,
          next_attempt_at: rest.nextAttemptAtMs,
          ended_at: null,
        },
      ],
    ]
  },
}

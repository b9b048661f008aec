import type { WebhookRow } from '../../port/webhooks/webhooks.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns, createdList } from './example.ts'

export function webhook(organization: string, id: string, more: Partial<WebhookRow> = {}): WebhookRow {
  return {
    organization,
    id,
    url: `https://${id}.example/hook`,
    events: ['key.created', 'key.deleted'],
    active: true,
    sealedSecret: 'sealed',
    sealedPreviousSecret: null,
    previousSecretEndsAtMs: null,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

const row = ({ owner, id, createdAtMs }: Seed): WebhookRow => webhook(owner, id, { createdAtMs })

export const webhooksExample: Example<WebhookRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.webhooks.insert(row(seed))),
  get: (read, { owner, id }) => read.webhooks.get(owner, id),
  queries: (read, { owner, id }) => [
    read.webhooks.countOfOrganization(owner),
    read.webhooks.isFailing(owner, id),
  ],
  lists: { webhooks: createdList((read, { owner }, page) => read.webhooks.list(owner, page)) },
  update: (store, seed) =>
    change(store, seed.owner, (tx) => tx.webhooks.update({ ...row(seed), active: false })),
  rowUpdate: {
    apply: (tx, updated) => tx.webhooks.update(updated),
    changes: {
      url: 'https://other.example/',
      events: ['policy.changed'],
      active: false,
      sealedSecret: 'sealed anew',
      sealedPreviousSecret: 'sealed',
      previousSecretEndsAtMs: FIRST_MS + 5,
    },
  },
  remove: (store, { owner, id }) => change(store, owner, (tx) => tx.webhooks.remove(owner, id)),
  since: 16,
  stored(seed) {
    const { organization, id, url, events, sealedSecret, ...rest } = row(seed)
    return [
      [
        'webhooks',
        {
          organization,
          id,
          url,
          events_json: JSON.stringify(events),
          active: 1,
          sealed_secret: sealedSecret,
          sealed_previous_secret: null,
          previous_secret_ends_at: null,
          ...createdColumns(rest),
        },
      ],
      [
        'webhook_queues',
        {
          organization,
          webhook: id,
          position: 0,
          wakes: 0,
          failures: 0,
          is_failing: 0,
          holder: '',
          leased_until: 0,
          due_at: 0,
        },
      ],
    ]
  },
}

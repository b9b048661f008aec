import type { PortalSessionRow } from '../../port/portal/portal-sessions.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns, createdList } from './example.ts'

export function portalSession(
  organization: string,
  id: string,
  more: Partial<PortalSessionRow> = {},
): PortalSessionRow {
  return {
    organization,
    id,
    consumer: 'con_1',
    environment: 'test',
    scopes: ['keys.read', 'keys.roll'],
    returnUrl: 'https://shop.example.com/account',
    state: 'open',
    linkDigest: `link of ${organization} ${id}`,
    tokenDigest: `token of ${organization} ${id}`,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    issuerEndsAtMs: null,
    expiresAtMs: FIRST_MS + 1_000,
    openedAtMs: FIRST_MS + 1,
    openerAddress: '198.51.100.7',
    openerUserAgent: 'Browser',
    endedAtMs: null,
    ...more,
  }
}

/** Ids of portal sessions are globally unique. */
const idOf = ({ owner, id }: Pick<Seed, 'owner' | 'id'>): string => `${owner} ${id}`
const row = (seed: Seed): PortalSessionRow =>
  portalSession(seed.owner, idOf(seed), { createdAtMs: seed.createdAtMs })

export const portalSessionsExample: Example<PortalSessionRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.portalSessions.insert(row(seed))),
  get: (read, seed) => read.portalSessions.get(seed.owner, idOf(seed)),
  queries: (read, seed) => [
    read.portalSessions.byLink(row(seed).linkDigest),
    read.portalSessions.byToken(row(seed).tokenDigest ?? ''),
    read.portalSessions.liveOfConsumer(seed.owner, row(seed).consumer, FIRST_MS),
  ],
  lists: { portalSessions: createdList((read, { owner }, page) => read.portalSessions.list(owner, page)) },
  update: (store, seed) =>
    change(store, seed.owner, (tx) => tx.portalSessions.end(seed.owner, idOf(seed), FIRST_MS + 2)),
  remove: null,
  since: 23,
  stored(seed) {
    const { organization, id, consumer, environment, scopes, state, ...rest } = row(seed)
    return [
      [
        'portal_sessions',
        {
          organization,
          id,
          consumer_id: consumer,
          environment,
          scopes_json: JSON.stringify(scopes),
          return_url: rest.returnUrl,
          state,
          link_digest: rest.linkDigest,
          token_digest: rest.tokenDigest,
          expires_at: rest.expiresAtMs,
          opened_at: rest.openedAtMs,
          opener_address: rest.openerAddress,
          opener_user_agent: rest.openerUserAgent,
          ended_at: rest.endedAtMs,
          ...createdColumns(rest),
        },
      ],
    ]
  },
}

import type { InvitationRow } from '../../port/people/invitations.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns, createdList } from './example.ts'

export function invitation(
  organization: string,
  id: string,
  more: Partial<InvitationRow> = {},
): InvitationRow {
  return {
    organization,
    id,
    email: `${id}@example.com`,
    roles: ['auditor'],
    tokenDigest: `digest of ${organization} ${id}`,
    mailedDigest: `mailed digest of ${organization} ${id}`,
    expiresAtMs: FIRST_MS + 1_000,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

const row = ({ owner, id, createdAtMs }: Seed): InvitationRow => invitation(owner, id, { createdAtMs })

export const invitationsExample: Example<InvitationRow> = {
  isTenant: true,
  feedKind: null,
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.invitations.insert(row(seed))),
  get: (read, { owner, id }) => read.invitations.get(owner, id),
  queries: (read, seed) => [
    read.invitations.byEmail(seed.owner, row(seed).email),
    read.invitations.byToken(row(seed).tokenDigest),
    read.invitations.allOpen(seed.owner, FIRST_MS),
  ],
  lists: { invitations: createdList((read, { owner }, page) => read.invitations.list(owner, page)) },
  update: null,
  remove: (store, { owner, id }) => change(store, owner, (tx) => tx.invitations.remove(owner, id)),
  duplicates: {
    invitations_email: (tx, seed, id) =>
      tx.invitations.insert({ ...row(seed), id, tokenDigest: `digest of ${id}`, mailedDigest: null }),
    invitations_token: (tx, seed, id) =>
      tx.invitations.insert({ ...row(seed), id, email: 'somebody@example.com', mailedDigest: null }),
    invitations_mailed: (tx, seed, id) =>
      tx.invitations.insert({
        ...row(seed),
        id,
        email: 'somebody@example.com',
        tokenDigest: `digest of ${id}`,
      }),
  },
  since: 9,
  stored(seed) {
    const { organization, id, email, roles, tokenDigest, mailedDigest, expiresAtMs, ...rest } = row(seed)
    return [
      [
        'invitations',
        {
          organization,
          id,
          email,
          roles_json: JSON.stringify(roles),
          token_digest: tokenDigest,
          mailed_digest: mailedDigest,
          expires_at: expiresAtMs,
          ...createdColumns(rest),
        },
      ],
    ]
  },
}

import type { BasicCredentialRow } from '../../port/basic-credentials.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns, createdList } from './example.ts'

export function basicCredential(
  owner: string,
  id: string,
  more: Partial<BasicCredentialRow> = {},
): BasicCredentialRow {
  return {
    organization: owner,
    environment: 'test',
    id,
    username: `user of ${id}`,
    consumer: 'con_1',
    passwordHash: '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA',
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

/** All belong to the organization's first consumer, so that one list has them all. */
const row = ({ owner, id, firstId, createdAtMs }: Seed): BasicCredentialRow =>
  basicCredential(owner, id, { consumer: firstId, createdAtMs })

export const basicCredentialsExample: Example<BasicCredentialRow> = {
  isTenant: true,
  feedKind: 'basic-credential',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.basicCredentials.insert(row(seed))),
  get: (read, seed) => read.basicCredentials.getByUsername(seed.owner, 'test', row(seed).username),
  queries: (read, { owner, firstId }) => [read.basicCredentials.countOfConsumer(owner, firstId)],
  lists: {
    credentials: createdList((read, { owner, firstId }, page) =>
      read.basicCredentials.listOfConsumer(owner, firstId, page),
    ),
  },
  update: null,
  remove: (store, { owner, id }) => change(store, owner, (tx) => tx.basicCredentials.remove(owner, id)),
  duplicates: {
    basic_credentials_username: (tx, seed, id) => tx.basicCredentials.insert({ ...row(seed), id }),
  },
  since: 2,
  stored(seed) {
    const { organization, id, environment, username, consumer, passwordHash, ...created } = row(seed)
    const columns = { organization, id, environment, username, consumer, password_hash: passwordHash }
    return [['basic_credentials', { ...columns, ...createdColumns(created) }]]
  },
}

import type { IssuerRow } from '../../port/issuers.ts'
import { change } from './audit-events.ts'
import { type Example, FIRST_MS, type Seed, createdColumns, createdList } from './example.ts'

/** A trusted issuer; its keys come from a URL by default. */
export function issuer(owner: string, id: string, more: Partial<IssuerRow> = {}): IssuerRow {
  return {
    organization: owner,
    environment: 'test',
    id,
    issuer: `https://${id}.example/`,
    audiences: ['api'],
    jwksUrl: `https://${id}.example/jwks`,
    jwks: null,
    createdAtMs: FIRST_MS,
    createdBy: 'setup',
    ...more,
  }
}

const row = ({ owner, id, createdAtMs }: Seed): IssuerRow => issuer(owner, id, { createdAtMs })

export const issuersExample: Example<IssuerRow> = {
  isTenant: true,
  feedKind: 'issuer',
  row,
  insert: (store, seed) => change(store, seed.owner, (tx) => tx.issuers.insert(row(seed))),
  get: (read, { owner, id }) => read.issuers.get(owner, id),
  queries: (read, { owner }) => [read.issuers.countOfEnvironment(owner, 'test')],
  lists: { issuers: createdList((read, { owner }, page) => read.issuers.list(owner, 'test', page)) },
  update: null,
  remove: (store, { owner, id }) => change(store, owner, (tx) => tx.issuers.remove(owner, id)),
  duplicates: { issuers_issuer: (tx, seed, id) => tx.issuers.insert({ ...row(seed), id }) },
  since: 2,
  stored(seed) {
    const { organization, id, environment, issuer: url, audiences, jwksUrl, ...rest } = row(seed)
    const audiencesJson = JSON.stringify(audiences)
    return [
      [
        'issuers',
        {
          organization,
          id,
          environment,
          issuer: url,
          audiences_json: audiencesJson,
          jwks_url: jwksUrl,
          jwks_json: null,
          ...createdColumns(rest),
        },
      ],
    ]
  },
}

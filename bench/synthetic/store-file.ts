import { DatabaseSync } from 'node:sqlite'
import { tokenHint } from '@sallyport/core'
import { openStore } from '../../packages/server/src/store/open.ts'
import { tokenDigest } from '../../packages/server/src/crypto/digest.ts'
import { syntheticKey } from './keys.ts'
import {
  CREATED_AT_MS,
  ENVIRONMENT,
  ORGANIZATION,
  PIPELINE,
  ordersSpec,
  syntheticConsumer,
} from './records.ts'

const AUTHOR = 'setup'

/** The number of rows per transaction; a million at once would make the journal larger than the file. */
const ROWS_PER_TRANSACTION = 50_000

/**
 * Creates a SQLite store like that of a Sallyport server in which the given number of keys was created, but without the
 * history of changes. The organization and its pipeline are written through the store, consumers and keys in bulk.
 *
 * @param consumers the number of consumers that share the keys
 */
export async function makeStoreFile(file: string, keys: number, consumers: number): Promise<void> {
  await makeOrganization(file)
  using database = new DatabaseSync(file, { enableForeignKeyConstraints: false })
  database.exec('pragma synchronous = off; pragma cache_size = -1000000')
  const insertConsumer = consumerInsert(database)
  inTransactions(database, consumers, insertConsumer)
  const insertKey = keyInsert(database, consumers)
  inTransactions(database, keys, insertKey)
}

async function makeOrganization(file: string): Promise<void> {
  const created = { createdAtMs: CREATED_AT_MS, createdBy: AUTHOR }
  const spec = ordersSpec('http://127.0.0.1:9')
  const pipeline = { organization: ORGANIZATION, pipeline: PIPELINE, major: 1, minor: 0, spec, ...created }
  await using store = await openStore({ kind: 'sqlite', file, nowMs: () => CREATED_AT_MS })
  await store.write(async (tx) => {
    await tx.organizations.insert({
      slug: ORGANIZATION,
      name: ORGANIZATION,
      founder: null,
      onLeak: 'notify',
      ownerMails: [],
      color: null,
      createdAtMs: CREATED_AT_MS,
    })
    await tx.environments.insert({
      organization: ORGANIZATION,
      name: ENVIRONMENT,
      position: 0,
      requiresPrevious: false,
      whenStale: 'serve',
      createdAtMs: CREATED_AT_MS,
    })
    await tx.projects.insert({
      organization: ORGANIZATION,
      name: 'default',
      description: null,
      createdAtMs: CREATED_AT_MS,
    })
    await tx.pipelines.insert({
      organization: ORGANIZATION,
      name: PIPELINE,
      project: 'default',
      createdAtMs: CREATED_AT_MS,
    })
    await tx.pipelines.insertVersion({ ...pipeline, source: spec, comment: null })
    await tx.deployments.insert({
      ...pipeline,
      id: 'dep_bench',
      environment: ENVIRONMENT,
      project: 'default',
      endedAtMs: null,
      endedBy: null,
      replacedBy: null,
      origin: 'deploy',
      from: null,
      pipelineRemovedAtMs: null,
    })
    tx.audit({
      organization: ORGANIZATION,
      atMs: CREATED_AT_MS,
      actor: AUTHOR,
      action: 'deployments.create',
      target: 'deployment/dep_bench',
      before: null,
      after: null,
    })
  })
}

type Insert = (number: number) => void

function consumerInsert(database: DatabaseSync): Insert {
  const consumer = database.prepare(
    `insert into consumers (organization, id, environment, name, active, created_at, created_by)
     values (?, ?, ?, ?, 1, ?, ?)`,
  )
  const association = database.prepare(
    'insert into consumer_pipelines (organization, consumer, pipeline) values (?, ?, ?)',
  )
  return (number) => {
    const { id, name } = syntheticConsumer(number)
    consumer.run(ORGANIZATION, id, ENVIRONMENT, name, CREATED_AT_MS, AUTHOR)
    association.run(ORGANIZATION, id, PIPELINE)
  }
}

function keyInsert(database: DatabaseSync, consumers: number): Insert {
  const key = database.prepare(
    `insert into keys (organization, id, name, type, environment, consumer, roles_json, active, created_at,
       created_by, address_rules_json, rate_limits_json)
     values (?, ?, ?, 'secret', ?, ?, '[]', 1, ?, ?, '[]', '[]')`,
  )
  const secret = database.prepare(
    `insert into secrets (organization, key_id, sequence, digest, hint, created_at) values (?, ?, 1, ?, ?, ?)`,
  )
  return (number) => {
    const { id, token } = syntheticKey(number)
    const consumer = syntheticConsumer(number % consumers).id
    key.run(ORGANIZATION, id, `key-${number}`, ENVIRONMENT, consumer, CREATED_AT_MS, AUTHOR)
    secret.run(ORGANIZATION, id, tokenDigest(token), tokenHint(token), CREATED_AT_MS)
  }
}

function inTransactions(database: DatabaseSync, count: number, insert: Insert): void {
  for (let first = 0; first < count; first += ROWS_PER_TRANSACTION) {
    const end = Math.min(first + ROWS_PER_TRANSACTION, count)
    database.exec('begin')
    for (let number = first; number < end; number += 1) insert(number)
    database.exec('commit')
  }
}

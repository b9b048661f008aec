import type { DatabaseSync } from 'node:sqlite'
import { tokenHint, type DeploymentRecord } from '@sallyport/core'
import { seal } from '../../packages/server/src/crypto/seal.ts'
import { signingKeyContext } from '../../packages/server/src/crypto/seal-contexts.ts'
import { openStore, type StoreSettings } from '../../packages/server/src/store/open.ts'
import type { Writer } from '../../packages/server/src/store/port/store.ts'
import { tokenDigest } from '../../packages/server/src/crypto/digest.ts'
import { authVariantDeployments, basicCredentials, PRIVATE_JWK, SIGNING_KEY } from './auth-variants.ts'
import { fillFile } from './bulk-file.ts'
import { syntheticKey } from './keys.ts'
import {
  CREATED_AT_MS,
  ENVIRONMENT,
  NO_UPSTREAM,
  ORGANIZATION,
  PIPELINE,
  ordersDeployment,
  syntheticConsumer,
} from './records.ts'

const AUTHOR = 'setup'
const CREATED = { createdAtMs: CREATED_AT_MS, createdBy: AUTHOR }

/** The master key of a server on such a store, in base64. It is not secret. */
export const MASTER_KEY: string = Buffer.alloc(32, 7).toString('base64')

/**
 * Creates a SQLite store like that of a Sallyport server in which the given number of keys was created, but without the
 * history of changes. Most is written through the store, consumers and keys in bulk.
 *
 * @param consumers the number of consumers that share the keys
 * @param upstream of all pipelines, such as `http://127.0.0.1:9000`
 */
export async function makeStoreFile(
  file: string,
  keys: number,
  consumers: number,
  upstream = NO_UPSTREAM,
): Promise<void> {
  await makeOrganization({ kind: 'sqlite', file }, upstream)
  insertInBulk(file, keys, consumers)
  await using store = await openStore({ kind: 'sqlite', file, nowMs: () => CREATED_AT_MS })
  await store.write(insertCredentials)
}

function insertInBulk(file: string, keys: number, consumers: number): void {
  fillFile(file, (database) => {
    database.exec('begin')
    insertConsumers(database, consumers)
    insertKeys(database, keys, consumers)
    database.exec('commit')
  })
}

/** Migrates a store and inserts the organization with its pipeline and the versions that are live. */
export async function makeOrganization(settings: StoreSettings, upstream = NO_UPSTREAM): Promise<void> {
  await using store = await openStore({ ...settings, nowMs: () => CREATED_AT_MS })
  await store.write((tx) => insertOrganization(tx, upstream))
}

async function insertOrganization(tx: Writer, upstream: string): Promise<void> {
  const ofOrganization = { organization: ORGANIZATION, createdAtMs: CREATED_AT_MS }
  await tx.organizations.insert({
    slug: ORGANIZATION,
    name: ORGANIZATION,
    founder: null,
    onLeak: 'notify',
    ownerMails: [],
    color: null,
    createdAtMs: CREATED_AT_MS,
  })
  const environment = {
    ...ofOrganization,
    name: ENVIRONMENT,
    position: 0,
    requiresPrevious: false,
    whenStale: 'serve' as const,
  }
  await tx.environments.insert(environment)
  await tx.projects.insert({ ...ofOrganization, name: 'default', description: null })
  await tx.pipelines.insert({ ...ofOrganization, name: PIPELINE, project: 'default' })
  for (const deployment of [ordersDeployment(upstream), ...authVariantDeployments(upstream)]) {
    await insertDeployment(tx, deployment)
  }
  tx.audit({
    organization: ORGANIZATION,
    atMs: CREATED_AT_MS,
    actor: AUTHOR,
    action: 'organizations.create',
    target: `organization/${ORGANIZATION}`,
    before: null,
    after: null,
  })
}

async function insertDeployment(tx: Writer, { id, version, spec }: DeploymentRecord): Promise<void> {
  const [major = 1, minor = 0] = version.split('.').map(Number)
  const pipeline = { organization: ORGANIZATION, pipeline: PIPELINE, major, minor, spec, ...CREATED }
  await tx.pipelines.insertVersion({ ...pipeline, source: spec, comment: null })
  await tx.deployments.insert({
    ...pipeline,
    id,
    environment: ENVIRONMENT,
    project: 'default',
    endedAtMs: null,
    endedBy: null,
    replacedBy: null,
    origin: 'deploy',
    from: null,
    pipelineRemovedAtMs: null,
  })
}

/** Inserts credentials of consumers, which must exist by then. */
async function insertCredentials(tx: Writer): Promise<void> {
  const { id, algorithm, publicJwk, verifiesUntilMs, organization, environment } = SIGNING_KEY
  const sealedPrivateJwk = seal(
    Buffer.from(MASTER_KEY, 'base64'),
    JSON.stringify(PRIVATE_JWK),
    signingKeyContext(SIGNING_KEY),
  )
  await tx.signingKeys.insert({
    organization,
    environment,
    id,
    algorithm,
    publicJwk,
    verifiesUntilMs,
    sealedPrivateJwk,
    ...CREATED,
  })
  for (const { kind: _kind, ...credential } of basicCredentials()) {
    await tx.basicCredentials.insert({ ...credential, ...CREATED })
  }
  tx.audit({
    organization: ORGANIZATION,
    atMs: CREATED_AT_MS,
    actor: AUTHOR,
    action: 'basic-credentials.create',
    target: `organization/${ORGANIZATION}`,
    before: null,
    after: null,
  })
}

function insertConsumers(database: DatabaseSync, count: number): void {
  const consumer = database.prepare(
    `insert into consumers (organization, id, environment, name, active, created_at, created_by)
     values (?, ?, ?, ?, 1, ?, ?)`,
  )
  const association = database.prepare(
    'insert into consumer_pipelines (organization, consumer, pipeline) values (?, ?, ?)',
  )
  for (let number = 0; number < count; number += 1) {
    const { id, name } = syntheticConsumer(number)
    consumer.run(ORGANIZATION, id, ENVIRONMENT, name, CREATED_AT_MS, AUTHOR)
    association.run(ORGANIZATION, id, PIPELINE)
  }
}

/** Sorts the keys before they are inserted: in the order of their numbers, each would be written at another place of the file. */
function insertKeys(database: DatabaseSync, count: number, consumers: number): void {
  database.exec('create temp table made (id text, name text, consumer text, digest text, hint text)')
  const made = database.prepare('insert into made values (?, ?, ?, ?, ?)')
  for (let number = 0; number < count; number += 1) {
    const { id, token } = syntheticKey(number)
    const consumer = syntheticConsumer(number % consumers).id
    made.run(id, `key-${number}`, consumer, tokenDigest(token), tokenHint(token))
  }
  database.exec(`
    insert into keys (organization, id, name, type, environment, consumer, roles_json, active, created_at, created_by,
      address_rules_json, rate_limits_json)
    select '${ORGANIZATION}', id, name, 'secret', '${ENVIRONMENT}', consumer, '[]', 1, ${CREATED_AT_MS}, '${AUTHOR}', '[]', '[]'
    from made order by id;
    insert into secrets (organization, key_id, sequence, digest, hint, created_at)
    select '${ORGANIZATION}', id, 1, digest, hint, ${CREATED_AT_MS} from made order by id;
    drop table made;
  `)
}

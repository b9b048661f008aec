import { expect, test } from 'vitest'
import type { OperationContext } from './access/context.ts'
import { createBasicCredential } from './basic-credentials/create-basic-credential.ts'
import { createConsumer } from './consumers/create-consumer.ts'
import { createEnvironment } from './environments/create-environment.ts'
import { createIssuer } from './issuers/create-issuer.ts'
import { createKey } from './keys/create-key.ts'
import { createPipeline } from './pipelines/create-pipeline.ts'
import { createProject } from './projects/create-project.ts'
import { createVersion } from './pipelines/create-version.ts'
import { deleteKey } from './keys/delete-key.ts'
import { deploy } from './deployments/deploy.ts'
import { describeProject } from './projects/describe-project.ts'
import { updateEnvironment } from './environments/update-environment.ts'
import { removeBasicCredential } from './basic-credentials/remove-basic-credential.ts'
import { promote } from './deployments/promote.ts'
import { putSecret } from './secrets/put-secret.ts'
import { redeploy } from './deployments/redeploy.ts'
import { removeConsumer } from './consumers/remove-consumer.ts'
import { removeEnvironment } from './environments/remove-environment.ts'
import { removeIssuer } from './issuers/remove-issuer.ts'
import { removePipeline } from './pipelines/remove-pipeline.ts'
import { removeProject } from './projects/remove-project.ts'
import { removeSecret } from './secrets/remove-secret.ts'
import { removeSigningKey } from './signing-keys/remove-signing-key.ts'
import { updateOrganization } from './organizations/update-organization.ts'
import { rollBack } from './deployments/roll-back.ts'
import { rotateSigningKey } from './signing-keys/rotate-signing-key.ts'
import { setPolicy } from './policies/set-policy.ts'
import { codeOf, draft, openWorld, pipeline, type World } from './testing/world.ts'
import {
  consumerName,
  description,
  position,
  resourceName,
  secretName,
  secretValue,
  title,
  username,
  version,
} from './testing/fields.ts'
import { undeploy } from './deployments/undeploy.ts'
import { updateConsumer } from './consumers/update-consumer.ts'
import { updateKey } from './keys/update-key.ts'
import { getConformity, getPolicy, listPolicyVersions } from './policies/reading.ts'
import { getConsumer, listConsumers } from './consumers/reading.ts'
import { getDeployment, listDeployments } from './deployments/reading.ts'
import { getIssuer, listIssuers } from './issuers/reading.ts'
import { listKeys } from './keys/list-keys.ts'
import { getKey } from './keys/reading.ts'
import { getOrganization } from './organizations/reading.ts'
import { getPipeline, listPipelines, listVersions } from './pipelines/reading.ts'
import { getProject, listProjects } from './projects/reading.ts'
import { getSecret, listSecrets } from './secrets/reading.ts'
import { listBasicCredentials } from './basic-credentials/reading.ts'
import { listEnvironments } from './environments/reading.ts'
import { listSigningKeys } from './signing-keys/reading.ts'

interface Ids {
  readonly key: string
  readonly consumer: string
  readonly deployment: string
  readonly issuer: string
  readonly signingKey: string
}

/** Every operation on a resource of `acme`, called by `who` with existing names and ids. */
function everything(who: OperationContext, ids: Ids): Record<string, () => Promise<unknown>> {
  const organization = 'acme'
  const environment = { organization, environment: 'test' }
  const project = { organization, project: 'default' }
  const orders = { organization, pipeline: 'orders' }
  const spec = { source: {}, draft: draft() }
  const list = { organization, limit: 50 }
  const consumer = { organization, consumer: ids.consumer }
  const key = { organization, key: ids.key }
  const one = { organization, deployment: ids.deployment }
  return {
    getOrganization: () => getOrganization(who, { organization }),
    updateOrganization: () => updateOrganization(who, { organization, name: title('Ours now') }),
    listEnvironments: () => listEnvironments(who, list),
    createEnvironment: () => createEnvironment(who, { organization, name: resourceName('x') }),
    updateEnvironment: () => updateEnvironment(who, { ...environment, position: position(1) }),
    removeEnvironment: () => removeEnvironment(who, environment),
    listProjects: () => listProjects(who, list),
    createProject: () => createProject(who, { organization, name: resourceName('x') }),
    getProject: () => getProject(who, project),
    describeProject: () => describeProject(who, { ...project, description: description('x') }),
    removeProject: () => removeProject(who, project),
    listPipelines: () => listPipelines(who, list),
    createPipeline: () => createPipeline(who, { organization, name: resourceName('x'), ...spec }),
    getPipeline: () => getPipeline(who, orders),
    removePipeline: () => removePipeline(who, orders),
    listVersions: () => listVersions(who, { ...orders, limit: 50 }),
    createVersion: () => createVersion(who, { ...orders, ...spec, bump: 'minor' }),
    getPolicy: () => getPolicy(who, environment),
    setPolicy: () => setPolicy(who, { ...environment, mode: 'jwt', dryRun: false }),
    trySetPolicy: () => setPolicy(who, { ...environment, mode: 'jwt', dryRun: true }),
    getConformity: () => getConformity(who, { ...environment, limit: 50 }),
    deploy: () => deploy(who, { ...orders, version: version('1.0'), environment: 'test', dryRun: false }),
    tryDeploy: () => deploy(who, { ...orders, version: version('1.0'), environment: 'test', dryRun: true }),
    listDeployments: () => listDeployments(who, list),
    getDeployment: () => getDeployment(who, one),
    promote: () => promote(who, { ...one, environment: 'prod', dryRun: false }),
    tryPromote: () => promote(who, { ...one, environment: 'prod', dryRun: true }),
    rollBack: () => rollBack(who, { ...one, dryRun: false }),
    redeploy: () => redeploy(who, { ...one, dryRun: false }),
    listPolicyVersions: () => listPolicyVersions(who, { ...environment, limit: 50 }),
    undeploy: () => undeploy(who, { organization, deployment: ids.deployment }),
    createConsumer: () => createConsumer(who, { organization, name: consumerName('x'), environment: 'test' }),
    listConsumers: () => listConsumers(who, list),
    getConsumer: () => getConsumer(who, consumer),
    createBasicCredential: () => createBasicCredential(who, { ...consumer, username: username('second') }),
    listBasicCredentials: () => listBasicCredentials(who, { ...consumer, limit: 50 }),
    removeBasicCredential: () => removeBasicCredential(who, { ...consumer, username: 'app' }),
    updateConsumer: () => updateConsumer(who, { ...consumer, status: 'inactive' }),
    removeConsumer: () => removeConsumer(who, consumer),
    createKey: () => createKey(who, { organization, name: title('x'), type: 'secret' }),
    listKeys: () => listKeys(who, list),
    getKey: () => getKey(who, key),
    updateKey: () => updateKey(who, { ...key, active: false }),
    deleteKey: () => deleteKey(who, key),
    listSecrets: () => listSecrets(who, { ...environment, limit: 50 }),
    getSecret: () => getSecret(who, { ...environment, name: 'TOKEN' }),
    putSecret: () => putSecret(who, { ...environment, name: secretName('SECOND'), value: secretValue('x') }),
    replaceSecret: () =>
      putSecret(who, { ...environment, name: secretName('TOKEN'), value: secretValue('x') }),
    removeSecret: () => removeSecret(who, { ...environment, name: 'TOKEN' }),
    listSigningKeys: () => listSigningKeys(who, { ...environment, limit: 50 }),
    rotateSigningKey: () => rotateSigningKey(who, environment),
    removeSigningKey: () => removeSigningKey(who, { ...environment, signingKey: ids.signingKey }),
    listIssuers: () => listIssuers(who, { ...environment, limit: 50 }),
    createIssuer: () => createIssuer(who, { ...environment, ...ISSUER, issuer: 'second' }),
    getIssuer: () => getIssuer(who, { ...environment, issuer: ids.issuer }),
    removeIssuer: () => removeIssuer(who, { ...environment, issuer: ids.issuer }),
  }
}

const ISSUER = { issuer: 'idp', audiences: ['api'], jwksUrl: 'https://idp.example.com/jwks' }

/** Adds a secret, an issuer and a signing key that only verifies to `test`. */
async function secretKeyAndIssuer({ owner }: World): Promise<Pick<Ids, 'issuer' | 'signingKey'>> {
  const environment = { organization: 'acme', environment: 'test' }
  await putSecret(owner, { ...environment, name: secretName('TOKEN'), value: secretValue('hidden') })
  const { id } = await createIssuer(owner, { ...environment, ...ISSUER })
  const { retired } = await rotateSigningKey(owner, environment)
  return { issuer: id, signingKey: retired[0]?.id ?? '' }
}

test("another organization's owner finds nothing and changes nothing", async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  const organization = 'acme'
  const input = {
    organization,
    pipeline: 'orders',
    version: version('1.0'),
    environment: 'test',
    dryRun: false,
  }
  const { deployment } = await deploy(world.owner, input)
  const { consumer, key } = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'test',
  })
  const governed = await secretKeyAndIssuer(world)
  const ids = { key: key.id, consumer: consumer.id, deployment: deployment.id ?? '', ...governed }
  await createBasicCredential(world.owner, { organization, consumer: consumer.id, username: username('app') })
  const revision = await world.store.feed.head()
  const codes: Record<string, string> = {}
  for (const [name, operation] of Object.entries(everything(world.rival, ids))) {
    codes[name] = await codeOf(operation())
  }
  expect(new Set(Object.values(codes))).toEqual(new Set(['not_found']))
  expect(await world.store.feed.head()).toBe(revision)
})

test('a key without roles can do nothing', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  const organization = 'acme'
  const { consumer, key, token } = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'test',
  })
  const input = {
    organization,
    pipeline: 'orders',
    version: version('1.0'),
    environment: 'test',
    dryRun: false,
  }
  const { deployment } = await deploy(world.owner, input)
  const governed = await secretKeyAndIssuer(world)
  const ids = { key: key.id, consumer: consumer.id, deployment: deployment.id ?? '', ...governed }
  await createBasicCredential(world.owner, { organization, consumer: consumer.id, username: username('app') })
  const revision = await world.store.feed.head()
  for (const operation of Object.values(everything(await world.as(token), ids))) {
    expect(['not_found', 'permission_missing']).toContain(await codeOf(operation()))
  }
  expect(await world.store.feed.head()).toBe(revision)
})

test('the audit log records each action with its actor, without secrets', async () => {
  await using world = await openWorld()
  await pipeline(world.owner, 'orders')
  const organization = 'acme'
  const made = await createConsumer(world.owner, {
    organization,
    name: consumerName('app'),
    environment: 'test',
  })
  const open = await createKey(world.owner, { organization, name: title('site'), type: 'public' })
  const basic = await createBasicCredential(world.owner, {
    organization,
    consumer: made.consumer.id,
    username: username('app'),
  })
  await updateKey(world.owner, { organization, key: made.key.id, name: title('renamed') })
  await removeConsumer(world.owner, { organization, consumer: made.consumer.id })
  const { items } = await world.store.read.audit.list(organization, { limit: 200 })
  expect(items.map(({ action, actor }) => [action, actor === world.owner.actor.id])).toEqual([
    ['organizations.create', false],
    ['environments.create', false],
    ['signing-keys.create', false],
    ['environments.create', false],
    ['signing-keys.create', false],
    ['keys.create', false],
    ['keys.create', false],
    ['organizations.create', true],
    ['pipelines.create', true],
    ['consumers.create', true],
    ['keys.create', true],
    ['keys.create', true],
    ['basic-credentials.create', true],
    ['keys.update', true],
    ['keys.delete', true],
    ['basic-credentials.remove', true],
    ['consumers.remove', true],
  ])
  const log = JSON.stringify(items)
  for (const { key, token } of [made, open, world.acme]) {
    expect(log).toContain(key.id)
    expect(log).not.toContain(token.slice(23))
    expect(log).not.toContain(key.secrets[0]?.digest)
  }
  expect(log).not.toContain(basic.password)
  expect(log).not.toContain('argon2')
})

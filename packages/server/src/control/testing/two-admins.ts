import { ACME, bearer, spec, textOf, type AcmeWorld, type Answer } from './control-world.ts'
import { addPerson } from './people.ts'

/** A change of one resource. */
export interface Change {
  readonly method: 'PATCH' | 'PUT'
  readonly body: object
}

/** A resource that two admins know. */
export interface KnownResource {
  readonly name: string
  /** Makes one, and returns the path that it is read and changed at. */
  make(world: AcmeWorld): Promise<string>
  /** What the first admin wants. */
  readonly change?: Change
  /** What the second admin does meanwhile; left out for what never changes. */
  readonly meanwhile?: Change
  readonly isRemovable: boolean
}

const PROD = `${ACME}/environments/prod`
let made = 0

/** A name that no other resource of the test has. */
function fresh(): string {
  made += 1
  return `thing-${made}`
}

async function created(world: AcmeWorld, path: string, body: object): Promise<Answer['body']> {
  const answer = await world.own('POST', `${ACME}/${path}`, body)
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

async function put(world: AcmeWorld, path: string, body: object): Promise<string> {
  const answer = await world.own('PUT', path, body)
  if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`)
  return path
}

async function key(world: AcmeWorld): Promise<string> {
  const { key: row } = await created(world, 'keys', { name: fresh(), type: 'secret' })
  return `${ACME}/keys/${textOf(row?.['id'])}`
}

async function consumer(world: AcmeWorld): Promise<string> {
  const { consumer: row } = await created(world, 'consumers', { name: fresh(), environment: 'prod' })
  return `${ACME}/consumers/${textOf(row?.['id'])}`
}

async function pipeline(world: AcmeWorld): Promise<string> {
  const name = fresh()
  await created(world, 'pipelines', { name, spec: spec({ path: `/${name}` }) })
  return name
}

/** A key of another organization. */
async function partnerKey(world: AcmeWorld): Promise<string> {
  const slug = fresh()
  const { body } = await world.own('POST', '/v1/organizations', { slug, name: slug })
  const path = `/v1/organizations/${slug}/keys`
  const answer = await world.call('POST', path, { name: 'theirs', type: 'secret' }, bearer(body['token']))
  return textOf(answer.body['key']?.['id'])
}

const ISSUER = { audience: 'api', jwksUrl: 'https://login.example.com/jwks' } as const
const WEBHOOK = { url: 'https://hooks.example.com/in', events: ['key.created'] } as const

/** Every resource that has an entity tag and can be changed or removed. */
export const KNOWN_RESOURCES: readonly KnownResource[] = [
  {
    name: 'organization',
    make: async () => await Promise.resolve(ACME),
    change: { method: 'PATCH', body: { name: 'One' } },
    meanwhile: { method: 'PATCH', body: { name: 'Two' } },
    isRemovable: false,
  },
  {
    name: 'environment',
    make: async (world) =>
      `${ACME}/environments/${textOf((await created(world, 'environments', { name: fresh() }))['name'])}`,
    change: { method: 'PATCH', body: { requiresPrevious: true } },
    meanwhile: { method: 'PATCH', body: { position: 0 } },
    isRemovable: true,
  },
  {
    name: 'policy',
    make: async (world) => await put(world, `${PROD}/policies/external-api-access`, { mode: 'any' }),
    change: { method: 'PUT', body: { mode: 'api-key' } },
    meanwhile: { method: 'PUT', body: { mode: 'jwt' } },
    isRemovable: false,
  },
  {
    name: 'key age of an environment',
    make: async (world) =>
      await put(world, `${PROD}/policies/key-age`, { rotationReminderDays: null, maxLifetimeDays: null }),
    change: { method: 'PUT', body: { rotationReminderDays: 180, maxLifetimeDays: null } },
    meanwhile: { method: 'PUT', body: { rotationReminderDays: 90, maxLifetimeDays: null } },
    isRemovable: false,
  },
  {
    name: 'key age of the organization',
    make: async (world) =>
      await put(world, `${ACME}/policies/key-age`, { rotationReminderDays: null, maxLifetimeDays: null }),
    change: { method: 'PUT', body: { rotationReminderDays: 180, maxLifetimeDays: null } },
    meanwhile: { method: 'PUT', body: { rotationReminderDays: 90, maxLifetimeDays: null } },
    isRemovable: false,
  },
  {
    name: 'project',
    make: async (world) =>
      `${ACME}/projects/${textOf((await created(world, 'projects', { name: fresh() }))['name'])}`,
    change: { method: 'PATCH', body: { description: 'One' } },
    meanwhile: { method: 'PATCH', body: { description: 'Two' } },
    isRemovable: true,
  },
  {
    name: 'pipeline',
    make: async (world) => `${ACME}/pipelines/${await pipeline(world)}`,
    isRemovable: true,
  },
  {
    name: 'deployment',
    make: async (world) => {
      const body = { pipeline: await pipeline(world), version: '1.0', environment: 'test' }
      return `${ACME}/deployments/${textOf((await created(world, 'deployments', body))['id'])}`
    },
    isRemovable: true,
  },
  {
    name: 'secret',
    make: async (world) => await put(world, `${PROD}/secrets/S_${(made += 1)}`, { value: 'one' }),
    change: { method: 'PUT', body: { value: 'two' } },
    meanwhile: { method: 'PUT', body: { value: 'three' } },
    isRemovable: true,
  },
  {
    name: 'variable',
    make: async (world) => await put(world, `${PROD}/variables/V_${(made += 1)}`, { value: 'one' }),
    change: { method: 'PUT', body: { value: 'two' } },
    meanwhile: { method: 'PUT', body: { value: 'three' } },
    isRemovable: true,
  },
  {
    name: 'issuer',
    make: async (world) => {
      const body = { issuer: `https://${fresh()}.example.com`, ...ISSUER }
      const { id } = await created(world, 'environments/prod/issuers', body)
      return `${PROD}/issuers/${textOf(id)}`
    },
    isRemovable: true,
  },
  {
    name: 'consumer',
    make: consumer,
    change: { method: 'PATCH', body: { pipelines: [] } },
    meanwhile: { method: 'PATCH', body: { description: 'Two' } },
    isRemovable: true,
  },
  {
    name: 'role',
    make: async (world) => {
      const body = { name: fresh(), permissions: [{ permission: 'keys.read' }] }
      return `${ACME}/roles/${textOf((await created(world, 'roles', body))['name'])}`
    },
    change: { method: 'PATCH', body: { permissions: [{ permission: 'keys.roll' }] } },
    meanwhile: { method: 'PATCH', body: { permissions: [{ permission: 'keys.write' }] } },
    isRemovable: true,
  },
  {
    name: 'member',
    make: async (world) => `${ACME}/members/${(await addPerson(world, { acme: ['auditor'] })).id}`,
    change: { method: 'PATCH', body: { roles: ['developer'] } },
    meanwhile: { method: 'PATCH', body: { roles: ['key-manager'] } },
    isRemovable: true,
  },
  {
    name: 'key',
    make: key,
    change: { method: 'PATCH', body: { name: 'one' } },
    meanwhile: { method: 'PATCH', body: { status: 'inactive' } },
    isRemovable: true,
  },
  {
    name: 'rotation',
    make: async (world) => {
      const { id } = await created(world, 'webhooks', { ...WEBHOOK, events: ['key.rotated'] })
      return await put(world, `${await key(world)}/rotation`, { rotateEveryDays: 30, webhook: id })
    },
    isRemovable: true,
  },
  {
    name: 'hand-over',
    make: async (world) => {
      const body = { name: fresh(), type: 'secret', handOver: { expiresInHours: 2 } }
      return `${ACME}/hand-overs/${textOf((await created(world, 'keys', body))['handOver']?.['id'])}`
    },
    isRemovable: true,
  },
  {
    name: 'portal session',
    make: async (world) => {
      const path = `${(await consumer(world)).slice(ACME.length + 1)}/portal-sessions`
      const { id } = await created(world, path, { scopes: ['keys.read'] })
      return `${ACME}/portal-sessions/${textOf(id)}`
    },
    isRemovable: true,
  },
  {
    name: 'external key',
    make: async (world) => {
      const body = { keyId: await partnerKey(world), roles: ['auditor'] }
      return `${ACME}/external-keys/${textOf((await created(world, 'external-keys', body))['id'])}`
    },
    change: { method: 'PATCH', body: { label: 'One' } },
    meanwhile: { method: 'PATCH', body: { status: 'inactive' } },
    isRemovable: true,
  },
  {
    name: 'acceptance of the organization',
    make: async (world) => await put(world, `${ACME}/settings/acceptances`, { allowed: true }),
    change: { method: 'PUT', body: { allowed: true } },
    meanwhile: { method: 'PUT', body: { allowed: false } },
    isRemovable: false,
  },
  {
    name: 'acceptances of a key',
    make: async (world) => `${await key(world)}/acceptances`,
    change: { method: 'PUT', body: { allowed: true } },
    meanwhile: { method: 'PUT', body: { allowed: false } },
    isRemovable: false,
  },
  {
    name: 'webhook',
    make: async (world) => `${ACME}/webhooks/${textOf((await created(world, 'webhooks', WEBHOOK))['id'])}`,
    change: { method: 'PATCH', body: { events: ['key.deleted'] } },
    meanwhile: { method: 'PATCH', body: { status: 'inactive' } },
    isRemovable: true,
  },
]

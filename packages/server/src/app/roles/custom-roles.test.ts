import { describe, expect, test } from 'vitest'
import { PERMISSIONS_PER_ROLE_MAX, ROLES_PER_ORGANIZATION_MAX, type Grant } from '@sallyport/core'
import type { OperationContext } from '../access/context.ts'
import { createConsumer } from '../consumers/create-consumer.ts'
import { updateConsumer } from '../consumers/update-consumer.ts'
import { removeEnvironment } from '../environments/remove-environment.ts'
import { createKey } from '../keys/create-key.ts'
import { deleteKey } from '../keys/delete-key.ts'
import { listKeys } from '../keys/list-keys.ts'
import { rollKey } from '../keys/roll-key.ts'
import { updateKey } from '../keys/update-key.ts'
import { removePipeline } from '../pipelines/remove-pipeline.ts'
import { createProject } from '../projects/create-project.ts'
import { removeProject } from '../projects/remove-project.ts'
import { recordsOf } from '../testing/audited.ts'
import { consumerName, resourceName, roleName, rolePermissions, title } from '../testing/fields.ts'
import { codeOf, openWorld, pipeline, problemOf, START_MS, type World } from '../testing/world.ts'
import { createRole } from './create-role.ts'
import { previewRoles } from './preview-roles.ts'
import { getRole, listRoles } from './reading.ts'
import { removeRole } from './remove-role.ts'
import { updateRole } from './update-role.ts'

const organization = 'acme'

/** Creates a role of `acme`. */
async function role(context: OperationContext, name: string, ...grants: readonly Grant[]) {
  const permissions = rolePermissions(...grants)
  return await createRole(context, { organization, name: roleName(name), permissions })
}

async function widen(context: OperationContext, name: string, ...grants: readonly Grant[]) {
  return await updateRole(context, { organization, role: name, permissions: rolePermissions(...grants) })
}

/** The context of a new key of `acme` with a new role of these permissions. */
async function having(world: World, name: string, ...grants: readonly Grant[]): Promise<OperationContext> {
  await role(world.owner, name, ...grants)
  return await world.withRoles([name])
}

/** The code and the named permission of a refusal. */
async function refusal(operation: Promise<unknown>): Promise<unknown> {
  const { code, extensions } = await problemOf(operation)
  return [code, extensions['permission'] ?? extensions['errors'] ?? extensions['usedBy']]
}

const lacks = (permission: string): unknown => ['permission_missing', permission]

const INVOKE = { permission: 'pipelines.invoke' } as const
const READ_KEYS = { permission: 'keys.read' } as const
const MANAGE = [{ permission: 'roles.read' }, { permission: 'roles.write' }] as const

describe('a custom role', () => {
  test('is created, changed and removed, each with an audit record', async () => {
    await using world = await openWorld()
    const { owner, clock } = world
    const records = await recordsOf(world, async () => {
      const created = await role(owner, 'caller', INVOKE)
      expect(created).toEqual({
        name: 'caller',
        builtIn: false,
        permissions: [INVOKE],
        createdAtMs: START_MS,
        createdBy: owner.actor.id,
        updatedAtMs: START_MS,
        updatedBy: owner.actor.id,
      })
      const manager = await having(world, 'manager', ...MANAGE, READ_KEYS, INVOKE)
      clock.nowMs += 5
      const { role: changed } = await widen(manager, 'caller', READ_KEYS)
      expect(changed).toEqual({
        ...created,
        permissions: [READ_KEYS],
        updatedAtMs: START_MS + 5,
        updatedBy: manager.actor.id,
      })
      expect(await getRole(owner, { organization, role: 'caller' })).toEqual({
        ...changed,
        holders: [],
        holderCount: 0,
      })
      const { revision } = await removeRole(owner, { organization, role: 'caller' })
      expect(revision).toBe(await world.store.feed.head())
      expect(await codeOf(getRole(owner, { organization, role: 'caller' }))).toBe('not_found')
    })
    const id = expect.stringMatching(/^rol_/) as string
    const state = (...permissions: readonly Grant[]) => ({ id, name: 'caller', permissions })
    expect(
      records
        .filter(({ target }) => target === 'role/caller')
        .map(({ action, before, after }) => [action, before, after]),
    ).toEqual([
      ['roles.create', null, state(INVOKE)],
      ['roles.update', state(INVOKE), state(READ_KEYS)],
      ['roles.remove', state(READ_KEYS), null],
    ])
  })

  test('cannot have a name that is taken, and built-in roles cannot be changed or removed', async () => {
    await using world = await openWorld()
    const { owner } = world
    await role(owner, 'caller', INVOKE)
    expect((await problemOf(role(owner, 'caller', INVOKE))).detail).toMatch(/already exists/)
    for (const operation of [
      role(owner, 'owner', INVOKE),
      widen(owner, 'invoker', READ_KEYS),
      removeRole(owner, { organization, role: 'auditor' }),
    ]) {
      const { code, detail } = await problemOf(operation)
      expect([code, detail]).toEqual(['conflict', expect.stringContaining('is built in')])
    }
    for (const operation of [
      widen(owner, 'nobody', INVOKE),
      removeRole(owner, { organization, role: 'nobody' }),
    ]) {
      const { code, detail } = await problemOf(operation)
      expect([code, detail]).toEqual(['not_found', expect.stringContaining('There is no role "nobody".')])
    }
  })

  test('is one of at most 100, each with at most 200 permissions', async () => {
    await using world = await openWorld()
    const { owner, store } = world
    const projects = Array.from({ length: PERMISSIONS_PER_ROLE_MAX }, (_, index) => `p${index}`)
    for (const name of projects.slice(0, 3))
      await createProject(owner, { organization, name: resourceName(name) })
    // The rows that other roles would have; only their number counts.
    await store.write(async (tx) => {
      for (let index = 1; index < ROLES_PER_ORGANIZATION_MAX; index += 1) {
        const row = { createdAtMs: 0, createdBy: 'x', updatedAtMs: 0, updatedBy: 'x', permissions: [INVOKE] }
        await tx.roles.insert({ organization, id: `rol_${index}`, name: `role-${index}`, ...row })
      }
      tx.audit({ organization, atMs: 0, actor: 'x', action: 'x', target: 'x', before: null, after: null })
    })
    const wide = projects.map((project) => ({ permission: 'pipelines.read', project }) as const)
    const { code, extensions } = await problemOf(role(owner, 'wide', ...wide))
    expect(code).toBe('invalid_request')
    expect(extensions['errors']).toHaveLength(PERMISSIONS_PER_ROLE_MAX - 3)
    await role(owner, 'last', INVOKE)
    const { detail } = await problemOf(role(owner, 'one-too-many', INVOKE))
    expect(detail).toMatch(/at most 100 custom roles/)
    await removeRole(owner, { organization, role: 'role-50' })
    await role(owner, 'one-too-many', INVOKE)
  })

  test('names only environments, projects and pipelines that exist', async () => {
    await using world = await openWorld()
    const { owner } = world
    await createProject(owner, { organization, name: resourceName('shop') })
    await pipeline(owner, 'orders', undefined, 'shop')
    const permission = 'pipelines.invoke'
    await role(owner, 'all', { permission, environment: 'prod', project: 'shop', pipeline: 'orders' })
    const errors = (index: number, field: string, message: string) => [
      'invalid_request',
      [{ path: `/permissions/${index}/${field}`, message }],
    ]
    for (const [grant, field, message] of [
      [{ permission, environment: 'stage' }, 'environment', 'There is no environment "stage".'],
      [{ permission, project: 'shops' }, 'project', 'There is no project "shops".'],
      [{ permission, pipeline: 'order' }, 'pipeline', 'There is no pipeline "order".'],
      [
        { permission, project: 'default', pipeline: 'orders' },
        'pipeline',
        'The pipeline "orders" is not in the project "default".',
      ],
    ] as const) {
      expect(await refusal(role(owner, 'wrong', READ_KEYS, grant))).toEqual(errors(1, field, message))
      expect(await refusal(widen(owner, 'all', grant, INVOKE))).toEqual(errors(0, field, message))
    }
  })
})

describe('reading roles', () => {
  test('lists built-in roles first, then custom ones, by name and page by page', async () => {
    await using world = await openWorld()
    const { owner } = world
    for (const name of ['zz', 'aa', 'mm']) await role(owner, name, INVOKE)
    const builtIn = ['admin', 'auditor', 'developer', 'invoker', 'key-manager', 'owner', 'policy-manager']
    const names = [...builtIn, 'aa', 'mm', 'zz']
    for (const limit of [1, 2, 3, 7, 9, 10, 11]) {
      const listed: string[] = []
      let cursor: string | undefined
      do {
        const page = await listRoles(owner, { organization, limit, cursor })
        expect(page.items.length).toBeLessThanOrEqual(limit)
        listed.push(...page.items.map((item) => item.name))
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      expect([limit, listed]).toEqual([limit, names])
    }
    const all = await listRoles(owner, { organization, limit: names.length })
    expect(all.items.map((item) => item.builtIn)).toEqual([...builtIn.map(() => true), false, false, false])
    expect(all.next).toBe(null)
    // The role at the cursor may be removed meanwhile.
    const { next } = await listRoles(owner, { organization, limit: 9 })
    await removeRole(owner, { organization, role: 'mm' })
    const rest = await listRoles(owner, { organization, limit: 9, cursor: next ?? '' })
    expect(rest).toMatchObject({ items: [{ name: 'zz' }], next: null })
  })

  test('shows the built-in roles like custom ones, without a creator', async () => {
    await using world = await openWorld()
    expect(await getRole(world.owner, { organization, role: 'invoker' })).toEqual({
      name: 'invoker',
      builtIn: true,
      permissions: [INVOKE],
      createdAtMs: null,
      createdBy: null,
      updatedAtMs: null,
      updatedBy: null,
      holders: [],
      holderCount: 0,
    })
  })

  test('shows only holders that the actor may read, and at most 100 of them', async () => {
    await using world = await openWorld()
    const { owner } = world
    await role(owner, 'caller', INVOKE)
    const keys = new Map<string, string>()
    const create = async (name: string, environment?: string): Promise<void> => {
      const input = {
        organization,
        name: title(name),
        type: 'secret',
        roles: ['caller'],
        environment,
      } as const
      keys.set(name, (await createKey(owner, input)).key.id)
    }
    await create('everywhere')
    await create('in test', 'test')
    await create('in prod', 'prod')
    const names = async (context: OperationContext): Promise<readonly [number, ...string[]]> => {
      const { holders, holderCount } = await getRole(context, { organization, role: 'caller' })
      for (const { id, name } of holders) expect(keys.get(name)).toBe(id)
      return [holderCount, ...holders.map(({ name }) => name).toSorted()]
    }
    expect(await names(owner)).toEqual([3, 'everywhere', 'in prod', 'in test'])
    const inProd = { ...READ_KEYS, environment: 'prod' }
    const narrow = await having(world, 'narrow', { permission: 'roles.read' }, inProd)
    expect(await names(narrow)).toEqual([1, 'in prod'])
    expect(await names(await having(world, 'blind', { permission: 'roles.read' }))).toEqual([0])
    for (const key of [keys.get('in prod'), keys.get('everywhere')]) {
      await deleteKey(owner, { organization, key: key ?? '' })
    }
    expect(await names(owner)).toEqual([1, 'in test'])
    for (let index = 0; index < 100; index += 1) await create(`key ${index}`)
    const [count, ...shown] = await names(owner)
    expect([count, shown.length]).toEqual([101, 100])
  })

  test('needs roles.read in the whole organization', async () => {
    await using world = await openWorld()
    await role(world.owner, 'caller', INVOKE)
    const narrowed = await world.withRoles(['owner'], 'test')
    const invoker = await world.withRoles(['invoker'])
    for (const context of [narrowed, invoker]) {
      expect(await refusal(listRoles(context, { organization, limit: 9 }))).toEqual(lacks('roles.read'))
      expect(await refusal(previewRoles(context, { organization, roles: [] }))).toEqual(lacks('roles.read'))
      for (const name of ['caller', 'owner', 'nobody']) {
        expect(await codeOf(getRole(context, { organization, role: name }))).toBe('not_found')
      }
    }
    expect(await codeOf(listRoles(world.rival, { organization, limit: 9 }))).toBe('not_found')
  })
})

describe('a preview', () => {
  test('is the union of the roles, without what a wider permission includes, sorted', async () => {
    await using world = await openWorld()
    const { owner } = world
    await role(owner, 'caller', { ...INVOKE, environment: 'test' }, READ_KEYS)
    await role(owner, 'reader', { ...READ_KEYS, environment: 'prod' }, { permission: 'audit.read' })
    const preview = async (...roles: string[]) => await previewRoles(owner, { organization, roles })
    expect(await preview()).toEqual([])
    expect(await preview('caller', 'reader')).toEqual([
      { permission: 'audit.read' },
      READ_KEYS,
      { ...INVOKE, environment: 'test' },
    ])
    expect(await preview('reader', 'invoker', 'caller')).toEqual([
      { permission: 'audit.read' },
      READ_KEYS,
      INVOKE,
    ])
    expect(await refusal(preview('caller', 'nobody'))).toEqual([
      'invalid_request',
      [{ path: '/roles/1', message: expect.stringMatching(/^There is no role "nobody"\./) as string }],
    ])
  })
})

describe('an actor never', () => {
  test('gives a role what they lack', async () => {
    await using world = await openWorld()
    const { owner } = world
    const manager = await having(
      world,
      'manager',
      ...MANAGE,
      INVOKE,
      { ...READ_KEYS, environment: 'prod' },
      { permission: 'organization.read' },
    )
    expect(await refusal(role(manager, 'wide', INVOKE, { permission: 'policies.write' }))).toEqual(
      lacks('policies.write'),
    )
    expect(await refusal(role(manager, 'wide', READ_KEYS))).toEqual(lacks('keys.read'))
    expect((await problemOf(role(manager, 'wide', READ_KEYS))).detail).toBe(
      'You do not have keys.read here, or not in this scope. You can only give permissions that you have yourself.',
    )
    expect(await refusal(role(manager, 'wide', { ...READ_KEYS, environment: 'test' }))).toEqual(
      lacks('keys.read'),
    )
    await role(manager, 'narrow', { ...READ_KEYS, environment: 'prod' }, { ...INVOKE, environment: 'test' })
    expect(await refusal(widen(manager, 'narrow', { permission: 'policies.write' }))).toEqual(
      lacks('policies.write'),
    )
    await widen(manager, 'narrow', INVOKE)
    const keyManager = await world.withRoles(['key-manager', 'manager'])
    expect(await refusal(role(keyManager, 'both', READ_KEYS, { permission: 'policies.write' }))).toEqual(
      lacks('policies.write'),
    )
    await role(keyManager, 'both', READ_KEYS, INVOKE)
    // What the role has already may stay or become less, also if the actor lacks it.
    const policies = { permission: 'policies.write' } as const
    await role(owner, 'policies', policies, { permission: 'audit.read' })
    await widen(manager, 'policies', policies, INVOKE)
    await widen(manager, 'policies', { ...policies, environment: 'prod' })
    expect(await refusal(widen(manager, 'policies', policies))).toEqual(lacks('policies.write'))
  })

  test('creates or changes a role with roles.write in an environment alone', async () => {
    await using world = await openWorld()
    await role(world.owner, 'caller', INVOKE)
    const narrowed = await world.withRoles(['owner'], 'prod')
    const invoke = { ...INVOKE, environment: 'prod' }
    expect(await refusal(role(narrowed, 'mine', invoke))).toEqual(lacks('roles.write'))
    expect(await codeOf(widen(narrowed, 'caller', invoke))).toBe('not_found')
    expect(await codeOf(removeRole(narrowed, { organization, role: 'caller' }))).toBe('not_found')
    const auditor = await world.withRoles(['auditor'])
    expect(await refusal(role(auditor, 'mine', invoke))).toEqual(lacks('roles.write'))
    expect(await refusal(widen(auditor, 'caller', invoke))).toEqual(lacks('roles.write'))
    expect(await refusal(widen(auditor, 'owner', invoke))).toEqual(lacks('roles.write'))
    expect(await refusal(removeRole(auditor, { organization, role: 'caller' }))).toEqual(lacks('roles.write'))
  })

  test('widens a role that they have, even by what other roles of theirs permit', async () => {
    await using world = await openWorld()
    const { owner } = world
    await role(owner, 'caller', { ...INVOKE, environment: 'test' }, READ_KEYS)
    const holder = await world.withRoles(['admin', 'caller'])
    for (const added of [INVOKE, { permission: 'audit.read' }, { ...INVOKE, environment: 'prod' }] as const) {
      const { detail, ...refused } = await problemOf(widen(holder, 'caller', READ_KEYS, added))
      expect(refused.extensions).toEqual({ permission: added.permission })
      expect([refused.code, detail]).toEqual(['permission_missing', expect.stringMatching(/yourself/)])
    }
    await widen(holder, 'caller', READ_KEYS)
    // Giving back what was taken is widening too.
    expect(await refusal(widen(holder, 'caller', READ_KEYS, { ...INVOKE, environment: 'test' }))).toEqual(
      lacks('pipelines.invoke'),
    )
    await widen(await world.withRoles(['admin']), 'caller', READ_KEYS, INVOKE)
  })

  test('gives a key a role whose permissions they lack, by any way that gives roles', async () => {
    await using world = await openWorld()
    const { owner } = world
    await role(owner, 'policies', { permission: 'policies.write' })
    await role(owner, 'reader', READ_KEYS)
    const manager = await world.withRoles(['key-manager'])
    const create = async (context: OperationContext, roles: readonly string[]) =>
      await createKey(context, { organization, name: title('x'), type: 'secret', roles })
    expect(await refusal(create(manager, ['policies']))).toEqual(lacks('policies.write'))
    const { key: reader } = await create(manager, ['reader'])
    const change = async (roles: readonly string[]) =>
      await updateKey(manager, { organization, key: reader.id, roles })
    expect(await refusal(change(['reader', 'policies']))).toEqual(lacks('policies.write'))
    expect(await refusal(change(['reader', 'unknown']))).toEqual([
      'invalid_request',
      [{ path: '/roles/1', message: expect.stringMatching(/^There is no role "unknown"\./) as string }],
    ])
    const { key: strong } = await create(owner, ['policies'])
    expect(await refusal(rollKey(manager, { organization, key: strong.id }))).toEqual(lacks('policies.write'))
    const input = { organization, name: consumerName('app'), environment: 'prod' }
    const { consumer } = await createConsumer(owner, input)
    await createKey(owner, {
      organization,
      name: title('x'),
      type: 'secret',
      consumer: consumer.id,
      roles: ['policies'],
    })
    const one = { organization, consumer: consumer.id }
    await updateConsumer(manager, { ...one, status: 'inactive' })
    expect(await refusal(updateConsumer(manager, { ...one, status: 'active' }))).toEqual(
      lacks('policies.write'),
    )
    await rollKey(manager, { organization, key: reader.id })
  })

  test('widens what keys without bounds may do, with a key that has bounds', async () => {
    await using world = await openWorld()
    const { owner } = world
    await role(owner, 'caller', INVOKE)
    const { token } = await createKey(owner, {
      organization,
      name: title('for a day'),
      type: 'secret',
      roles: ['admin'],
      expiresAtMs: START_MS + 86_400_000,
    })
    const bounded = await world.as(token)
    await widen(bounded, 'caller', INVOKE, READ_KEYS)
    await world.withRoles(['caller'])
    await widen(bounded, 'caller', READ_KEYS)
    const refused = await problemOf(widen(bounded, 'caller', READ_KEYS, INVOKE))
    expect([refused.extensions, refused.detail]).toEqual([
      { permission: 'roles.write' },
      expect.stringMatching(/expiry/),
    ])
  })

  test('learns of a pipeline or environment that they may not know about from the scope of a role', async () => {
    await using world = await openWorld()
    await pipeline(world.owner, 'orders')
    const manager = await having(world, 'manager', ...MANAGE, INVOKE)
    const hidden = await refusal(role(manager, 'orders', { ...INVOKE, pipeline: 'orders' }))
    const absent = await refusal(role(manager, 'orders', { ...INVOKE, pipeline: 'order' }))
    expect(JSON.stringify(absent).replaceAll('order', 'orders')).toBe(JSON.stringify(hidden))
    expect(await codeOf(role(manager, 'orders', { ...INVOKE, environment: 'prod' }))).toBe('invalid_request')
    // A permission for one pipeline reveals no other one.
    await pipeline(world.owner, 'returns')
    const other = await having(world, 'other', ...MANAGE, INVOKE, { ...INVOKE, pipeline: 'returns' })
    expect(await refusal(role(other, 'orders', { ...INVOKE, pipeline: 'orders' }))).toEqual(hidden)
  })
})

describe('an actor may', () => {
  test('give a role the scope of a permission that they have, without the permission to read it', async () => {
    await using world = await openWorld()
    await createProject(world.owner, { organization, name: resourceName('shop') })
    await pipeline(world.owner, 'orders', undefined, 'shop')
    for (const scope of [{ environment: 'prod' }, { project: 'shop' }, { pipeline: 'orders' }]) {
      const [field = ''] = Object.keys(scope)
      const manager = await having(world, `manager-${field}`, ...MANAGE, { ...INVOKE, ...scope })
      const { permissions } = await role(manager, `caller-${field}`, { ...INVOKE, ...scope })
      expect(permissions).toEqual([{ ...INVOKE, ...scope }])
    }
  })

  test('keep the scope that a role has already, without knowing about it', async () => {
    await using world = await openWorld()
    await pipeline(world.owner, 'orders')
    const manager = await having(world, 'manager', ...MANAGE, READ_KEYS, INVOKE)
    const orders = { ...INVOKE, pipeline: 'orders' }
    expect(await codeOf(role(manager, 'mine', orders))).toBe('invalid_request')
    await role(world.owner, 'caller', orders)
    const { role: changed } = await widen(manager, 'caller', READ_KEYS, orders)
    expect(changed.permissions).toEqual([READ_KEYS, orders])
  })
})

describe('a key with a custom role', () => {
  test('may do what the role permits now, and nothing that it permitted before', async () => {
    await using world = await openWorld()
    const { owner } = world
    const list = { organization, limit: 9 }
    const reader = await having(world, 'reader', { ...READ_KEYS, environment: 'test' })
    expect((await listKeys(reader, list)).items).toEqual([])
    const create = async () =>
      await createKey(reader, { organization, name: title('x'), type: 'secret', environment: 'test' })
    expect(await refusal(create())).toEqual(lacks('keys.create'))
    // A write reads the roles again in its transaction.
    await widen(owner, 'reader', { permission: 'keys.create' })
    await create()
    await widen(owner, 'reader', INVOKE)
    expect(await refusal(create())).toEqual(lacks('keys.create'))
  })

  test('keeps the role from being removed, whatever its state, until it is deleted', async () => {
    await using world = await openWorld()
    const { owner, clock } = world
    await role(owner, 'caller', INVOKE)
    const remove = async (context = owner) => await removeRole(context, { organization, role: 'caller' })
    const name = title('x')
    const { key } = await createKey(owner, {
      organization,
      name,
      type: 'secret',
      environment: 'test',
      roles: ['caller'],
      expiresAtMs: clock.nowMs + 1,
    })
    const usedBy = [{ kind: 'key', id: key.id, name: 'x' }]
    expect(await refusal(remove())).toEqual(['conflict', usedBy])
    expect((await problemOf(remove())).detail).toBe(
      `The role "caller" is in use by ${key.id}. First give these keys other roles, or delete them.`,
    )
    await updateKey(owner, { organization, key: key.id, active: false })
    clock.nowMs += 1
    expect(await refusal(remove())).toEqual(['conflict', usedBy])
    const blind = await having(world, 'blind', ...MANAGE, { ...READ_KEYS, environment: 'prod' })
    const refused = await problemOf(remove(blind))
    expect(refused.extensions).toEqual({ usedBy: [] })
    expect(refused.detail).toBe(
      'The role "caller" is in use. First give these keys other roles, or delete them.',
    )
    for (let index = 0; index < 50; index += 1) {
      await createKey(owner, { organization, name, type: 'secret', roles: ['caller'] })
    }
    const { extensions, detail } = await problemOf(remove())
    const many = extensions['usedBy'] as readonly { readonly id: string }[]
    expect(many).toHaveLength(50)
    expect(detail).toContain(` by ${many.map(({ id }) => id).join(', ')}. `)
    const { items } = await listKeys(owner, { organization, limit: 200 })
    for (const each of items.filter(({ roles }) => roles.includes('caller'))) {
      expect(await codeOf(remove())).toBe('conflict')
      await deleteKey(owner, { organization, key: each.id })
    }
    await remove()
  })
})

test('what a role names cannot be removed', async () => {
  await using world = await openWorld()
  const { owner } = world
  await createProject(owner, { organization, name: resourceName('shop') })
  await pipeline(owner, 'orders')
  const permission = 'pipelines.invoke'
  const removals = {
    environment: async (context = owner) =>
      await removeEnvironment(context, { organization, environment: 'prod' }),
    project: async (context = owner) => await removeProject(context, { organization, project: 'shop' }),
    pipeline: async (context = owner) => await removePipeline(context, { organization, pipeline: 'orders' }),
  }
  await role(owner, 'in-prod', { permission, environment: 'prod' })
  await role(owner, 'shops', { permission: 'pipelines.write', project: 'shop' })
  await role(owner, 'orders', READ_KEYS, { permission, pipeline: 'orders' })
  await role(owner, 'orders-prod', { permission, environment: 'prod', pipeline: 'orders' })
  const usedBy = {
    environment: ['in-prod', 'orders-prod'],
    project: ['shops'],
    pipeline: ['orders', 'orders-prod'],
  }
  const unaware = await having(
    world,
    'unaware',
    { permission: 'organization.write' },
    { permission: 'pipelines.write' },
  )
  for (const field of ['environment', 'project', 'pipeline'] as const) {
    const { code, detail, extensions } = await problemOf(removals[field]())
    expect([field, code, extensions]).toEqual([field, 'conflict', { usedBy: usedBy[field] }])
    expect(detail).toContain(`: ${usedBy[field].join(', ')}. First remove`)
    const blind = await problemOf(removals[field](unaware))
    expect([blind.code, blind.extensions]).toEqual(['conflict', { usedBy: [] }])
    expect(blind.detail).toMatch(
      /^Roles have permissions for the [a-z]+ "[a-z]+"\. First remove these permissions from the roles, or remove the roles\.$/,
    )
  }
  for (const name of ['in-prod', 'shops', 'orders', 'orders-prod']) {
    await removeRole(owner, { organization, role: name })
  }
  for (const removal of Object.values(removals)) await removal()
})

import { EXTERNAL_KEYS_PER_ORGANIZATION_MAX, ACCEPTANCE_RULES_PER_KEY_MAX } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { getAcceptances, getOrganizationAcceptance, listAcceptances } from '../acceptances/reading.ts'
import { setKeyAcceptance, setOrganizationAcceptance } from '../acceptances/set-acceptance.ts'
import type { OperationContext } from '../access/context.ts'
import { createConsumer } from '../consumers/create-consumer.ts'
import { updateConsumer } from '../consumers/update-consumer.ts'
import { createKey, type CreateKeyInput } from '../keys/create-key.ts'
import { deleteKey } from '../keys/delete-key.ts'
import { listKeys } from '../keys/list-keys.ts'
import { rollKey } from '../keys/roll-key.ts'
import { updateKey } from '../keys/update-key.ts'
import { createRole } from '../roles/create-role.ts'
import { getRole } from '../roles/reading.ts'
import { removeRole } from '../roles/remove-role.ts'
import { recordsOf } from '../testing/audited.ts'
import {
  addressRule,
  consumerName,
  graceSeconds,
  keyRateLimits,
  roleName,
  rolePermissions,
  title,
} from '../testing/fields.ts'
import { codeOf, openWorld, problemOf, START_MS, type World } from '../testing/world.ts'
import { addExternalKey } from './add-external-key.ts'
import { getExternalKey, listExternalKeys } from './reading.ts'
import { removeExternalKey } from './remove-external-key.ts'
import { updateExternalKey } from './update-external-key.ts'

/** `rival` owns the keys, and `acme` adds them. */
const organization = 'acme'

async function rivalKey(world: World, more: Partial<CreateKeyInput> = {}) {
  return await createKey(world.rival, { organization: 'rival', name: title('erp'), type: 'secret', ...more })
}

async function add(context: OperationContext, keyId: string, roles: readonly string[] = ['invoker']) {
  return (await addExternalKey(context, { organization, keyId, roles })).row
}

/** Why an external key of `acme` is inactive; null while it works. */
async function reason(world: World, id: string): Promise<string | null> {
  return (await getExternalKey(world.owner, { organization, externalKey: id })).inactiveBecause
}

async function allow(world: World, allowed: boolean, key?: string, partner?: string): Promise<unknown> {
  const input = { organization: 'rival', allowed }
  return key === undefined
    ? await setOrganizationAcceptance(world.rival, input)
    : await setKeyAcceptance(world.rival, { ...input, key, partner })
}

describe('an external key', () => {
  test('is added, changed and removed; both organizations have a record of each change', async () => {
    await using world = await openWorld()
    const { key } = await rivalKey(world)
    const roles = ['invoker']
    const state = (active: boolean) => ({ partner: 'acme', active })
    const changes = async (operate: () => Promise<unknown>) => [
      await recordsOf(world, operate),
      (await world.store.read.audit.list('rival', { limit: 100 })).items.at(-1),
    ]
    let id = ''
    const [added, addedThere] = await changes(async () => {
      const facts = await addExternalKey(world.owner, {
        organization,
        keyId: key.id,
        roles,
        label: title('ERP'),
      })
      expect(facts).toMatchObject({
        row: { keyId: key.id, owner: 'rival', label: 'ERP', roles, active: true, createdAtMs: START_MS },
        ownerName: 'Rival',
        inactiveBecause: null,
        lastUsedAtMs: null,
      })
      id = facts.row.id
    })
    const target = `external-key/${id}`
    expect(added).toMatchObject([{ action: 'external-keys.add', target, before: null, after: { roles } }])
    const there = { actor: 'organization/acme', target: `key/${key.id}` }
    expect(addedThere).toMatchObject({
      ...there,
      action: 'acceptances.add',
      before: null,
      after: state(true),
    })

    const [changed, changedThere] = await changes(() =>
      updateExternalKey(world.owner, { organization, externalKey: id, active: false, label: null }),
    )
    expect(changed).toMatchObject([
      { action: 'external-keys.update', before: { label: 'ERP' }, after: { label: null, active: false } },
    ])
    expect(changedThere).toMatchObject({
      ...there,
      action: 'acceptances.update',
      before: state(true),
      after: state(false),
    })

    const [removed, removedThere] = await changes(() =>
      removeExternalKey(world.owner, { organization, externalKey: id }),
    )
    expect(removed).toMatchObject([
      { action: 'external-keys.remove', target, before: { roles }, after: null },
    ])
    expect(removedThere).toMatchObject({ ...there, action: 'acceptances.remove', after: null })
    // The owner learns neither roles nor who acted.
    for (const record of [addedThere, changedThere, removedThere]) {
      const log = JSON.stringify(record)
      expect(log).not.toContain('invoker')
      expect(log).not.toContain(world.acme.key.id)
    }
    expect(await codeOf(getExternalKey(world.owner, { organization, externalKey: id }))).toBe('not_found')
  })

  test('cannot be told from one that does not exist, whatever is in the way', async () => {
    await using world = await openWorld()
    const { key } = await rivalKey(world)
    const { key: site } = await createKey(world.rival, {
      organization: 'rival',
      name: title('site'),
      type: 'public',
    })
    const { key: gone } = await rivalKey(world)
    await deleteKey(world.rival, { organization: 'rival', key: gone.id })
    const answer = async (keyId: string): Promise<unknown> => {
      const { code, detail, extensions } = await problemOf(add(world.owner, keyId))
      return JSON.parse(JSON.stringify({ code, detail, extensions }).replaceAll(keyId, 'ID'))
    }
    const unknown = await answer('key_0123456789abcdef')
    expect(unknown).toMatchObject({
      code: 'invalid_request',
      extensions: { errors: [{ path: '/keyId', message: expect.stringContaining('no key "ID"') as string }] },
    })
    for (const sent of ['not an id', key.id.slice(0, -1), world.acme.token]) {
      expect(JSON.stringify(await answer(sent))).toContain('This is not the id of a key.')
      expect(JSON.stringify(await answer(sent))).not.toContain('ID')
    }
    for (const id of ['key_0000000000000000', site.id, gone.id, world.acme.key.id]) {
      expect([id, await answer(id)]).toEqual([id, unknown])
    }
    for (const [forKey, partner] of [[undefined], [key.id], [key.id, 'acme']] as const) {
      await allow(world, false, forKey, partner)
      expect(await answer(key.id)).toEqual(unknown)
      await allow(world, true, forKey, partner)
    }
    await allow(world, false, key.id, 'third')
    expect((await add(world.owner, key.id)).keyId).toBe(key.id)
  })

  test('has at least the checks of a key: roles that exist, that the actor has, and only once', async () => {
    await using world = await openWorld()
    const { key } = await rivalKey(world)
    const refused = await problemOf(add(world.owner, key.id, ['nobody']))
    expect(refused.extensions['errors']).toMatchObject([{ path: '/roles/0' }])
    const manager = await world.withRoles(['key-manager'])
    const lacking = await problemOf(add(manager, key.id, ['policy-manager']))
    expect([lacking.code, lacking.extensions]).toEqual([
      'permission_missing',
      { permission: 'policies.read' },
    ])
    expect(await codeOf(add(await world.withRoles(['developer']), key.id))).toBe('permission_missing')
    expect(await codeOf(add(world.rival, key.id))).toBe('not_found')
    await add(world.owner, key.id)
    expect(await codeOf(add(world.owner, key.id))).toBe('conflict')
  })

  test('is not looked up for an actor that may not give the roles or the bounds', async () => {
    await using world = await openWorld()
    const manager = await world.withRoles(['key-manager'])
    for (const keyId of [(await rivalKey(world)).key.id, 'key_0123456789abcdef']) {
      expect(await codeOf(add(manager, keyId, ['owner']))).toBe('permission_missing')
    }
  })

  test('is never wider than who adds or changes it', async () => {
    await using world = await openWorld()
    const addressRules = [addressRule('192.0.2.0/24')]
    const rateLimits = keyRateLimits([{ requests: 5, per: 'minute', by: 'credential' }])
    const made = await createKey(world.owner, {
      organization,
      name: title('bounded'),
      type: 'secret',
      roles: ['admin'],
      addressRules,
      rateLimits,
    })
    const bounded = await world.as(made.token, '192.0.2.1')
    const ending = await createKey(world.owner, {
      organization,
      name: title('ending'),
      type: 'secret',
      roles: ['admin'],
      expiresAtMs: START_MS + 60_000,
    })
    const { key } = await rivalKey(world)
    expect(await codeOf(add(await world.as(ending.token), key.id))).toBe('permission_missing')
    expect(await codeOf(add(bounded, key.id))).toBe('permission_missing')
    const input = { organization, keyId: key.id, roles: ['invoker'], addressRules, rateLimits }
    const { row } = await addExternalKey(bounded, input)
    const change = { organization, externalKey: row.id }
    for (const wider of [{ addressRules: [] }, { rateLimits: keyRateLimits([]) }, { roles: ['owner'] }]) {
      expect(await codeOf(updateExternalKey(bounded, { ...change, ...wider }))).toBe('permission_missing')
    }
    const narrower = [addressRule('192.0.2.7')]
    await updateExternalKey(bounded, { ...change, active: false, addressRules: narrower })
    await updateExternalKey(world.owner, { ...change, addressRules: [], rateLimits: keyRateLimits([]) })
    // Switching it on would give back what the actor may not give.
    expect(await codeOf(updateExternalKey(bounded, { ...change, active: true }))).toBe('permission_missing')
    await updateExternalKey(bounded, { ...change, label: title('renamed') })
  })

  test('says which side ended that it works', async () => {
    await using world = await openWorld()
    const { consumer } = await createConsumer(world.rival, {
      organization: 'rival',
      name: consumerName('app'),
      environment: 'prod',
    })
    const { key } = await rivalKey(world, { consumer: consumer.id, expiresAtMs: START_MS + 1000 })
    const { id } = await add(world.owner, key.id)
    const theirs = { organization: 'rival', key: key.id }
    expect(await reason(world, id)).toBeNull()
    await rollKey(world.rival, { ...theirs, graceSeconds: graceSeconds(0) })
    expect(await reason(world, id)).toBeNull()
    await updateConsumer(world.rival, { organization: 'rival', consumer: consumer.id, status: 'inactive' })
    expect(await reason(world, id)).toBe('owner_inactive')
    await updateConsumer(world.rival, { organization: 'rival', consumer: consumer.id, status: 'active' })
    await updateKey(world.rival, { ...theirs, active: false })
    expect(await reason(world, id)).toBe('owner_inactive')
    world.clock.nowMs += 1000
    expect(await reason(world, id)).toBe('owner_expired')
    await allow(world, false, key.id)
    expect(await reason(world, id)).toBe('owner_forbids')
    await allow(world, true, key.id)
    await deleteKey(world.rival, theirs)
    expect(await reason(world, id)).toBe('owner_deleted')
    await updateExternalKey(world.owner, { organization, externalKey: id, active: false })
    expect(await reason(world, id)).toBe('switched_off_here')
    const { items } = await listExternalKeys(world.owner, { organization, limit: 10 })
    expect(items.map(({ row, inactiveBecause }) => [row.id, inactiveBecause])).toEqual([
      [id, 'switched_off_here'],
    ])
  })

  test('keeps a custom role from being removed, and is one of its holders', async () => {
    await using world = await openWorld()
    const permissions = rolePermissions({ permission: 'pipelines.invoke' })
    await createRole(world.owner, { organization, name: roleName('caller'), permissions })
    const { key } = await rivalKey(world)
    const { id } = await add(world.owner, key.id, ['caller'])
    const usedBy = [{ kind: 'external-key', id, name: key.id }]
    const refused = await problemOf(removeRole(world.owner, { organization, role: 'caller' }))
    expect([refused.code, refused.extensions['usedBy']]).toEqual(['conflict', usedBy])
    expect(await getRole(world.owner, { organization, role: 'caller' })).toMatchObject({
      holders: usedBy,
      holderCount: 1,
    })
    await createRole(world.owner, {
      organization,
      name: roleName('role-reader'),
      permissions: rolePermissions({ permission: 'roles.read' }),
    })
    const reader = await world.withRoles(['role-reader'])
    expect(await getRole(reader, { organization, role: 'caller' })).toMatchObject({
      holders: [],
      holderCount: 0,
    })
    await updateExternalKey(world.owner, { organization, externalKey: id, roles: ['invoker'] })
    await removeRole(world.owner, { organization, role: 'caller' })
  })

  test('is one of a limited number', async () => {
    await using world = await openWorld()
    const { key } = await rivalKey(world)
    const row = await add(world.owner, key.id)
    await world.store.write(async (tx) => {
      const { createdAtMs, createdBy } = row
      for (let index = 1; index < EXTERNAL_KEYS_PER_ORGANIZATION_MAX; index += 1) {
        const keyId = `key_${String(index).padStart(16, '0')}` as const
        await tx.keys.insert({ ...key, id: keyId, secrets: [] })
        await tx.externalKeys.insert({ ...row, id: `ext_${index}`, keyId, createdAtMs, createdBy })
      }
      tx.audit({ organization, atMs: 0, actor: 'x', action: 'x', target: 'x', before: null, after: null })
    })
    const { key: another } = await rivalKey(world)
    // Whether the key exists or not.
    for (const keyId of [another.id, 'key_0123456789abcdef']) {
      expect(await codeOf(add(world.owner, keyId))).toBe('conflict')
    }
  })
})

describe('acceptances of a key', () => {
  test('show which organizations have the key, and which may not', async () => {
    await using world = await openWorld()
    const { key } = await rivalKey(world)
    const read = async () => await getAcceptances(world.rival, { organization: 'rival', key: key.id })
    expect(await read()).toEqual({ allowed: true, allowedForOrganization: true, items: [] })
    const { id } = await add(world.owner, key.id)
    const acme = { partner: 'acme', name: 'Acme', forbiddenBy: [], addedAtMs: START_MS, active: true }
    const byPartner = ['partner']
    const stranger = { partner: 'zoo', name: null, forbiddenBy: byPartner, addedAtMs: null, active: false }
    await allow(world, false, key.id, 'zoo')
    expect((await read()).items).toEqual([acme, stranger])
    await updateExternalKey(world.owner, { organization, externalKey: id, active: false })
    await allow(world, false, key.id, 'acme')
    expect((await read()).items).toEqual([{ ...acme, forbiddenBy: byPartner, active: false }, stranger])
    await allow(world, true, key.id, 'acme')
    await allow(world, false, key.id)
    expect(await read()).toMatchObject({
      allowed: false,
      items: [{ forbiddenBy: ['key'] }, { forbiddenBy: ['key', 'partner'] }],
    })
    await allow(world, true, key.id)
    await allow(world, false)
    expect(await read()).toMatchObject({
      allowed: true,
      allowedForOrganization: false,
      items: [{ forbiddenBy: ['organization'] }, { forbiddenBy: ['organization', 'partner'] }],
    })
    const reader = await world.as((await rivalKey(world, { roles: ['auditor'] })).token)
    expect(await getAcceptances(reader, { organization: 'rival', key: key.id })).toEqual(await read())
    const input = { organization: 'rival', key: key.id, allowed: true }
    expect(await codeOf(setKeyAcceptance(reader, input))).toBe('permission_missing')
    expect(await codeOf(setOrganizationAcceptance(reader, input))).toBe('permission_missing')
    expect(await codeOf(setKeyAcceptance(world.owner, input))).toBe('not_found')
  })

  test('are listed for all keys that the actor may read, with the rules that forbid each', async () => {
    await using world = await openWorld()
    const inTest = await rivalKey(world, { environment: 'test', roles: ['auditor'] })
    const whole = await rivalKey(world, { name: title('whole'), roles: ['auditor'] })
    const gone = await rivalKey(world)
    const keys = [inTest.key, whole.key].toSorted((one, other) => (one.id < other.id ? -1 : 1))
    for (const { id } of [...keys, gone.key]) await add(world.owner, id)
    await deleteKey(world.rival, { organization: 'rival', key: gone.key.id })
    const list = async (context: OperationContext) =>
      (await listAcceptances(context, { organization: 'rival', limit: 10 })).items
    const acme = { partner: 'acme', partnerName: 'Acme', active: true, createdAtMs: START_MS }
    expect(await list(world.rival)).toEqual(
      keys.map(({ id, name }) => ({
        ...acme,
        keyId: id,
        keyName: name,
        forbiddenBy: [],
        lastUsedAtMs: null,
      })),
    )
    expect(await getOrganizationAcceptance(world.rival, { organization: 'rival' })).toEqual({ allowed: true })

    await allow(world, false, whole.key.id)
    await allow(world, false, whole.key.id, 'acme')
    await allow(world, false, whole.key.id, 'zoo')
    await allow(world, false, inTest.key.id, 'zoo')
    const forbidden = async (): Promise<unknown> =>
      Object.fromEntries((await list(world.rival)).map(({ keyId, forbiddenBy }) => [keyId, forbiddenBy]))
    expect(await forbidden()).toEqual({ [whole.key.id]: ['key', 'partner'], [inTest.key.id]: [] })
    await allow(world, false)
    expect(await forbidden()).toEqual({
      [whole.key.id]: ['organization', 'key', 'partner'],
      [inTest.key.id]: ['organization'],
    })
    expect(await getOrganizationAcceptance(world.rival, { organization: 'rival' })).toEqual({
      allowed: false,
    })

    // A reader of one environment sees its keys, and not the rule for all keys.
    const reader = await world.as(inTest.token)
    expect((await list(reader)).map(({ keyId }) => keyId)).toEqual([inTest.key.id])
    expect(await codeOf(getOrganizationAcceptance(reader, { organization: 'rival' }))).toBe(
      'permission_missing',
    )
    expect(await codeOf(list(world.owner))).toBe('not_found')
  })

  test('are recorded on both sides, and only when they change', async () => {
    await using world = await openWorld()
    const { key } = await rivalKey(world)
    const { id } = await add(world.owner, key.id)
    const recordsIn = async (slug: string) =>
      (await world.store.read.audit.list(slug, { limit: 100 })).items.map(
        ({ actor, action, target, after }) => [actor, action, target, after],
      )
    await allow(world, false, key.id, 'acme')
    await allow(world, false, key.id, 'acme')
    expect((await recordsIn('rival')).at(-1)).toEqual([
      world.rival.actor.id,
      'acceptances.set',
      `key/${key.id}`,
      { partner: 'acme', allowed: false },
    ])
    const forbidden = ['organization/rival', 'external-keys.forbid', `external-key/${id}`, { allowed: false }]
    expect((await recordsIn('acme')).slice(-2)).toEqual([
      expect.arrayContaining(['external-keys.add']),
      forbidden,
    ])
    await allow(world, true, key.id, 'acme')
    expect((await recordsIn('acme')).at(-1)?.[1]).toBe('external-keys.allow')
  })

  test('name organizations that can exist, whether or not they do', async () => {
    await using world = await openWorld()
    const { key } = await rivalKey(world)
    for (const partner of ['ACME', 'no such!', ' ', '']) {
      expect([partner, await codeOf(allow(world, false, key.id, partner))]).toEqual([partner, 'not_found'])
    }
    await allow(world, false, key.id, 'nobody-yet')
  })

  test('are allowed again only by an actor that could give the key', async () => {
    await using world = await openWorld()
    const owner = await rivalKey(world, { roles: ['owner'] })
    const plain = await rivalKey(world)
    await allow(world, false, owner.key.id)
    const manager = await world.as((await rivalKey(world, { roles: ['key-manager'] })).token)
    const ending = await world.as(
      (await rivalKey(world, { roles: ['owner'], expiresAtMs: START_MS + 60_000 })).token,
    )
    const input = { organization: 'rival', allowed: true }
    expect(await codeOf(setKeyAcceptance(manager, { ...input, key: owner.key.id }))).toBe(
      'permission_missing',
    )
    expect(await codeOf(setKeyAcceptance(ending, { ...input, key: plain.key.id }))).toBe('permission_missing')
    expect(await codeOf(setOrganizationAcceptance(ending, input))).toBe('permission_missing')
    await setKeyAcceptance(manager, { ...input, key: plain.key.id })
    await setKeyAcceptance(ending, { ...input, key: plain.key.id, allowed: false })
  })

  test('are all allowed again only by an actor that could give each key that works again', async () => {
    await using world = await openWorld()
    const owner = await rivalKey(world, { roles: ['owner'] })
    const manager = await world.as((await rivalKey(world, { roles: ['key-manager'] })).token)
    const input = { organization: 'rival', allowed: true }
    const { id: plain } = await add(world.owner, (await rivalKey(world)).key.id)
    await allow(world, false)
    // No key works again that has more than a key-manager.
    await setOrganizationAcceptance(manager, input)
    expect(await reason(world, plain)).toBeNull()
    const { id } = await add(world.owner, owner.key.id)
    await allow(world, false)
    expect(await codeOf(setOrganizationAcceptance(manager, input))).toBe('permission_missing')
    expect([await reason(world, id), await reason(world, plain)]).toEqual(['owner_forbids', 'owner_forbids'])
    // It stays forbidden by itself, or for good.
    await allow(world, false, owner.key.id)
    await setOrganizationAcceptance(manager, input)
    expect([await reason(world, id), await reason(world, plain)]).toEqual(['owner_forbids', null])
    await allow(world, true, owner.key.id)
    await allow(world, false)
    await deleteKey(world.rival, { organization: 'rival', key: owner.key.id })
    await setOrganizationAcceptance(manager, input)
    expect(await reason(world, id)).toBe('owner_deleted')
  })

  test('have a limited number of rules', async () => {
    await using world = await openWorld()
    const { key } = await rivalKey(world)
    for (let index = 0; index < ACCEPTANCE_RULES_PER_KEY_MAX; index += 1) {
      await allow(world, false, key.id, `org-${index}`)
    }
    await allow(world, false, key.id, 'org-7')
    expect(await codeOf(allow(world, false, key.id, 'one-more'))).toBe('conflict')
    // The switch for all of them always works.
    await allow(world, false, key.id)
    await allow(world, true, key.id)
    await allow(world, true, key.id, 'org-7')
    await allow(world, false, key.id, 'one-more')
  })
})

describe('an external key that acts', () => {
  test('has its roles here and nothing of its own organization, until either side ends that', async () => {
    await using world = await openWorld()
    const { key, token } = await rivalKey(world, { roles: ['owner'], environment: 'prod' })
    const { id } = await add(world.owner, key.id, ['auditor'])
    const here = await world.as(token, undefined, 'acme')
    expect(here.actor).toMatchObject({ kind: 'external-key', id: key.id, organizations: ['acme'] })
    expect(here.actor.rolesIn('acme')).toEqual(['auditor'])
    expect((await listKeys(here, { organization, limit: 100 })).items.length).toBeGreaterThan(0)
    expect(await codeOf(listKeys(here, { organization: 'rival', limit: 1 }))).toBe('not_found')
    const create = createKey(here, { organization, name: title('mine'), type: 'secret' })
    expect(await codeOf(create)).toBe('permission_missing')
    const home = await world.as(token, undefined, 'rival')
    expect(home.actor).toMatchObject({ kind: 'key', organizations: ['rival'] })
    expect(home.actor.grantsIn('acme')).toBeUndefined()

    const strangerIn = async (slug: string): Promise<boolean> =>
      (await world.as(token, undefined, slug)).actor.grantsIn('acme') === undefined
    expect(await strangerIn('third')).toBe(true)
    await updateExternalKey(world.owner, { organization, externalKey: id, active: false })
    expect(await strangerIn('acme')).toBe(true)
    await updateExternalKey(world.owner, { organization, externalKey: id, active: true })
    expect(await strangerIn('acme')).toBe(false)
    await allow(world, false)
    expect(await strangerIn('acme')).toBe(true)
    // One that acts already is read again with its change.
    const late = updateExternalKey(here, { organization, externalKey: id, label: null })
    expect(await codeOf(late)).toBe('not_found')
    await allow(world, true)
    await deleteKey(world.rival, { organization: 'rival', key: key.id })
    expect(await codeOf(world.as(token, undefined, 'acme'))).toBe('unauthenticated')
  })

  test('has the bounds of both organizations', async () => {
    await using world = await openWorld()
    const perMinute = keyRateLimits([{ requests: 5, per: 'minute', by: 'credential' }])
    const perDay = keyRateLimits([{ requests: 9, per: 'day', by: 'credential' }])
    const { key, token } = await rivalKey(world, {
      addressRules: [addressRule('192.0.2.0/24'), addressRule('2001:db8::/32')],
      rateLimits: perMinute,
      expiresAtMs: START_MS + 9000,
    })
    const { row } = await addExternalKey(world.owner, {
      organization,
      keyId: key.id,
      roles: ['admin'],
      addressRules: [addressRule('192.0.2.128/25'), addressRule('198.51.100.0/24')],
      rateLimits: perDay,
    })
    const from = (address?: string) => world.as(token, address, 'acme')
    for (const address of [undefined, '192.0.2.1', '198.51.100.1', '2001:db8::1']) {
      expect([address, await codeOf(from(address))]).toEqual([address, 'address_not_allowed'])
    }
    const context = await from('192.0.2.129')
    expect(context.actor.bounds).toEqual({
      expiresAtMs: START_MS + 9000,
      addressRules: ['192.0.2.128/25'],
      rateLimits: [...perMinute, ...perDay],
    })
    expect(context.actor).toMatchObject({
      ownRateLimits: perMinute,
      external: { organization, rateLimits: perDay },
    })
    const outside = { addressRules: [addressRule('10.0.0.0/8')] }
    expect(await codeOf(updateExternalKey(context, { organization, externalKey: row.id, ...outside }))).toBe(
      'conflict',
    )
    // It ends with its owner's key, so it creates nothing that lasts, and widens nothing of its own.
    const lasting = createKey(context, { organization, name: title('mine'), type: 'secret' })
    expect(await codeOf(lasting)).toBe('permission_missing')
    const wider = updateExternalKey(context, { organization, externalKey: row.id, addressRules: [] })
    expect(await codeOf(wider)).toBe('permission_missing')
    await updateExternalKey(world.owner, {
      organization,
      externalKey: row.id,
      addressRules: [addressRule('198.51.100.0/24')],
    })
    expect(await codeOf(from('192.0.2.129'))).toBe('address_not_allowed')
  })

  test('is a stranger if it is a public key', async () => {
    await using world = await openWorld()
    const site = await createKey(world.rival, { organization: 'rival', name: title('site'), type: 'public' })
    await world.store.write(async (tx) => {
      await tx.externalKeys.insert({
        organization,
        id: 'ext_site',
        keyId: site.key.id,
        owner: 'rival',
        label: null,
        roles: ['owner'],
        active: true,
        allowed: true,
        addressRules: [],
        rateLimits: [],
        createdAtMs: START_MS,
        createdBy: 'x',
      })
      tx.audit({ organization, atMs: 0, actor: 'x', action: 'x', target: 'x', before: null, after: null })
    })
    const { actor } = await world.as(site.token, undefined, 'acme')
    expect([actor.kind, actor.grantsIn('acme')]).toEqual(['key', undefined])
  })
})

import { expect, test } from 'vitest'
import type { Store } from '../../store/port/store.ts'
import { openAcme, type AcmeWorld } from '../testing/control-world.ts'
import { addPerson, signIn } from '../testing/people.ts'

/** A real store that counts the reads outside of transactions. */
function counting(store: Store, count: () => void): Store {
  const counted = <T extends object>(target: T, onCall: (() => void) | undefined): T =>
    new Proxy(target, {
      get(from, name) {
        const member: unknown = Reflect.get(from, name)
        if (name === 'read') return counted(store.read, undefined)
        if (typeof member === 'object' && member !== null && from === (store.read as object))
          return counted(member, count)
        if (typeof member !== 'function') return member
        return (...parameters: readonly unknown[]): unknown => {
          onCall?.()
          return Reflect.apply(member, from, parameters)
        }
      },
    })
  return counted(store, undefined)
}

async function organizations(world: AcmeWorld, count: number): Promise<readonly string[]> {
  const slugs = Array.from({ length: count }, (_, index) => `org-${count}-${index}`)
  const atMs = world.clock.nowMs
  await world.store.write(async (tx) => {
    for (const [index, slug] of slugs.entries()) {
      await tx.organizations.insert({
        slug,
        name: `Organization ${slug}`,
        founder: null,
        onLeak: 'notify',
        ownerMails: [],
        color: null,
        createdAtMs: atMs,
      })
      await tx.roles.insert({
        organization: slug,
        id: `rol_${slug}`,
        name: 'reader',
        permissions: [{ permission: index % 2 === 0 ? 'organization.read' : 'roles.read' }],
        createdAtMs: atMs,
        createdBy: 'setup',
        updatedAtMs: atMs,
        updatedBy: 'setup',
      })
      const entry = { organization: slug, atMs, actor: 'setup', before: null, after: null }
      tx.audit({ ...entry, action: 'organizations.create', target: `organization/${slug}` })
    }
  })
  return slugs
}

test('a person in many organizations needs as many reads for the session, and their list, as one in two', async () => {
  let reads = 0
  await using world = await openAcme({}, (store) => counting(store, () => (reads += 1)))
  const readsWith = async (count: number): Promise<readonly number[]> => {
    const slugs = await organizations(world, count)
    const memberships = slugs.map((slug, index) => [slug, index === 1 ? ['auditor'] : ['reader']] as const)
    const person = await addPerson(world, Object.fromEntries(memberships))
    const headers = await signIn(world, person)
    reads = 0
    const { status, body } = await world.call('GET', '/v1/session', undefined, { ...headers })
    const all = reads
    expect(status).toBe(200)
    expect(body['organizations']).toMatchObject(
      memberships
        .map(([slug, roles]) => ({ slug, name: `Organization ${slug}`, roles }))
        .toSorted((one, other) => (one.slug < other.slug ? -1 : 1)),
    )
    // A role means in each organization what it means there.
    reads = 0
    const list = await world.call('GET', '/v1/organizations', undefined, { ...headers })
    const readable = slugs.filter((_, index) => index === 1 || index % 2 === 0)
    expect(Object.values(list.body['items'] ?? {}).map((item) => item['slug'])).toEqual(readable.toSorted())
    return [all, reads]
  }
  const few = await readsWith(2)
  for (const count of few) expect(count).toBeGreaterThan(3)
  expect(await readsWith(40)).toEqual(few)
})

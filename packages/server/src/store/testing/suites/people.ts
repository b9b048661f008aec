import { describe, expect, test } from 'vitest'
import { change } from '../examples/audit-events.ts'
import { FIRST_MS } from '../examples/example.ts'
import { member } from '../examples/members.ts'
import { person } from '../examples/people.ts'
import { session } from '../examples/sessions.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import type { Store } from '../../port/store.ts'
import type { TicketRow } from '../../port/people/tickets.ts'

async function insertPeople(store: Store, ...ids: readonly string[]): Promise<void> {
  await store.write(async (tx) => {
    for (const id of ids) await tx.people.insert(person(id))
  })
}

/** People, their sessions and tickets, and what they are in organizations. */
export function peopleContract(database: () => Promise<TestDatabase>): void {
  describe('people', () => {
    test('have sessions that are used, listed and ended', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertPeople(store, 'ann', 'bob')
      const [first, second] = [session('ann', 's1'), session('ann', 's2', { createdAtMs: FIRST_MS + 1 })]
      const ended = session('ann', 's0', { expiresAtMs: FIRST_MS })
      const other = session('bob', 's3')
      await store.write(async (tx) => {
        for (const row of [second, first, ended, other]) await tx.sessions.insert(row)
        await tx.sessions.touch('s1', FIRST_MS + 9)
      })
      const used = { ...first, lastUsedAtMs: FIRST_MS + 9 }
      expect(await store.read.sessions.ofPerson('ann', FIRST_MS)).toEqual([used, second])
      await store.write((tx) => tx.sessions.update({ ...first, tokenDigest: 'new', confirmedAtMs: 5 }))
      expect(await store.read.sessions.byToken(first.tokenDigest)).toBeUndefined()
      expect(await store.read.sessions.byToken('new')).toEqual({
        ...used,
        tokenDigest: 'new',
        confirmedAtMs: 5,
      })
      await store.write((tx) => tx.sessions.removeAll('ann', 's2'))
      expect(await store.read.sessions.ofPerson('ann', 0)).toEqual([second])
      await store.write((tx) => tx.sessions.removeAll('ann'))
      expect(await store.read.sessions.ofPerson('ann', 0)).toEqual([])
      await store.write((tx) => tx.sessions.prune(other.expiresAtMs))
      expect(await store.read.sessions.ofPerson('bob', 0)).toEqual([other])
      await store.write((tx) => tx.sessions.prune(other.expiresAtMs + 1))
      expect(await store.read.sessions.ofPerson('bob', 0)).toEqual([])
    })

    test('take a ticket once, and only for its purpose', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertPeople(store, 'ann')
      const ticket: TicketRow = {
        digest: 'one',
        purpose: 'password-reset',
        person: 'ann',
        sealed: 'sealed',
        expiresAtMs: FIRST_MS,
      }
      const anonymous = { ...ticket, digest: 'two', purpose: 'passkey-sign-in', person: null } as const
      await store.write(async (tx) => {
        await tx.tickets.insert(ticket)
        await tx.tickets.insert(anonymous)
      })
      const take = async (digest: string, purpose: TicketRow['purpose']) =>
        (await store.write((tx) => tx.tickets.take(digest, purpose))).value
      expect(await take('one', 'passkey-sign-in')).toBeUndefined()
      const taken = await Promise.all([take('one', 'password-reset'), take('one', 'password-reset')])
      expect(taken).toEqual([ticket, undefined])
      await store.write((tx) => tx.tickets.prune(FIRST_MS))
      expect(await store.read.tickets.find('two')).toEqual(anonymous)
      await store.write(async (tx) => {
        await tx.tickets.insert(ticket)
        await tx.tickets.removeOfPerson('ann', 'passkey-registration')
      })
      expect(await store.read.tickets.countOfPerson('ann', 'password-reset')).toBe(1)
      await store.write((tx) => tx.tickets.removeOfPerson('ann', 'password-reset'))
      expect(await store.read.tickets.countOfPerson('ann', 'password-reset')).toBe(0)
    })

    test('have roles as members of several organizations', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write(async (tx) => {
        for (const slug of ['acme', 'rival']) await insertOrganization(tx, slug)
      })
      await insertPeople(store, 'ann', 'bob')
      const here = member('acme', 'ann', { roles: ['auditor', 'owner'] })
      const there = member('rival', 'ann')
      for (const row of [here, there, member('acme', 'bob')]) {
        await change(store, row.organization, (tx) => tx.members.insert(row))
      }
      const { members, roles } = store.read
      const { email: _email, name: _name, ...row } = here
      expect((await members.ofPerson('ann')).map(({ organization }) => organization)).toEqual([
        'acme',
        'rival',
      ])
      expect(await members.ofPerson('ann')).toContainEqual(row)
      expect(await members.byEmail('rival', 'bob@example.com')).toBeUndefined()
      const auditors = [
        { kind: 'member', id: 'ann', name: 'Person ann' },
        { kind: 'member', id: 'bob', name: 'Person bob' },
      ]
      expect(await roles.holders('acme', 'auditor', 10)).toEqual(auditors)
      const hidden = { member: [], key: undefined, 'external-key': undefined }
      expect(await roles.countHolders('acme', 'auditor', hidden)).toBe(0)
      expect(await members.countUsingRole('acme', 'owner')).toBe(1)
      await change(store, 'acme', (tx) => tx.members.update({ ...here, roles: ['auditor'] }))
      expect(await members.countUsingRole('acme', 'owner')).toBe(0)
      await change(store, 'acme', (tx) => tx.members.remove('acme', 'ann'))
      expect(await roles.holders('acme', 'auditor', 10)).toEqual(auditors.slice(1))
      expect(await members.get('rival', 'ann')).toEqual(there)
    })
  })
}

import { describe, expect, test } from 'vitest'
import type { GatewayPosition } from '../../port/fleet/attachments.ts'
import type { EnrolmentTokenRow } from '../../port/fleet/enrolments.ts'
import type { Store } from '../../port/store.ts'
import { insertOrganization, readSnapshot, type TestDatabase } from '../fixtures.ts'

const TOKEN: EnrolmentTokenRow = {
  digest: 'token',
  name: 'edge',
  role: 'gateway',
  usesLeft: 9,
  createdAtMs: 1,
  expiresAtMs: 100,
}

async function enrolled(store: Store, ...ids: readonly string[]): Promise<void> {
  await store.enrolments.addToken(TOKEN)
  for (const id of ids)
    await store.enrolments.enrol('token', { id, credentialDigest: `credential of ${id}` }, 5)
}

function position(id: string, attachment: number, more: Partial<GatewayPosition> = {}): GatewayPosition {
  return { id, attachment, revision: 0, hash: '', seenAtMs: 8, facts: {}, ...more }
}

/** Gateways that enrol, and their attachments to control nodes. */
export function fleetContract(database: () => Promise<TestDatabase>): void {
  describe('enrolments', () => {
    test('let as many gateways enrol as a token says, until it expires', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.enrolments.addToken({ ...TOKEN, usesLeft: 2 })
      const enrol = async (id: string, nowMs: number, token = 'token') =>
        await store.enrolments.enrol(token, { id, credentialDigest: id }, nowMs)
      expect(await enrol('gw_0', 5, 'another token')).toBeUndefined()
      expect(await store.enrolments.roleOfToken('another token')).toBeUndefined()
      expect(await store.enrolments.roleOfToken('token')).toBe('gateway')
      expect(await enrol('gw_0', 100)).toBeUndefined()
      expect(await enrol('gw_a', 99)).toEqual({ id: 'gw_a', name: 'edge', role: 'gateway' })
      expect(await enrol('gw_b', 5)).toEqual({ id: 'gw_b', name: 'edge', role: 'gateway' })
      expect(await enrol('gw_c', 5)).toBeUndefined()
      expect((await store.attachments.all()).map(({ id }) => id)).toEqual(['gw_a', 'gw_b'])
    })

    test('let exactly one of several gateways use a token that is for one', async () => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      await store.enrolments.addToken({ ...TOKEN, usesLeft: 1 })
      const made = await Promise.all(
        Array.from(
          { length: 8 },
          async (_, index) =>
            await (index % 2 === 0 ? store : other).enrolments.enrol(
              'token',
              { id: `gw_${index}`, credentialDigest: `${index}` },
              5,
            ),
        ),
      )
      expect(made.filter((gateway) => gateway !== undefined)).toHaveLength(1)
    })

    test('find a gateway by its credential alone, which can be replaced once', async () => {
      await using db = await database()
      await using store = await db.open()
      await enrolled(store, 'gw_a', 'gw_b')
      const gateway = { id: 'gw_a', name: 'edge', role: 'gateway' }
      expect(await store.enrolments.find('credential of gw_a')).toEqual(gateway)
      expect(await store.enrolments.find('')).toBeUndefined()
      const replaced = async (id: string) =>
        await store.enrolments.replaceCredential(id, 'credential of gw_a', 'another')
      expect(await replaced('gw_b')).toBe(false)
      expect(await replaced('gw_a')).toBe(true)
      expect(await replaced('gw_a')).toBe(false)
      expect(await store.enrolments.find('credential of gw_a')).toBeUndefined()
      expect(await store.enrolments.find('another')).toEqual(gateway)
      expect(await store.enrolments.remove('gw_a', 1)).toBe(true)
      expect(await store.enrolments.remove('gw_a', 2)).toBe(false)
      expect(await store.enrolments.isRemoved('another')).toBe(true)
      expect(await store.enrolments.isRemoved('credential of gw_b')).toBe(false)
      expect(await store.enrolments.find('another')).toBeUndefined()
    })

    test('forget tokens that have expired', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.enrolments.addToken(TOKEN)
      await store.enrolments.prune(99)
      expect(await store.enrolments.enrol('token', { id: 'gw_a', credentialDigest: 'a' }, 50)).toBeDefined()
      await store.enrolments.prune(100)
      expect(await store.enrolments.enrol('token', { id: 'gw_b', credentialDigest: 'b' }, 50)).toBeUndefined()
    })
  })

  describe('attachments', () => {
    test('name the node of a gateway, and what it has reported since', async () => {
      await using db = await database()
      await using store = await db.open()
      await enrolled(store, 'gw_a', 'gw_b')
      await store.attachments.registerNode({ id: 'node', leaseMs: 50, seenAtMs: 3 })
      expect(await store.attachments.attach('gw_a', 'node', 7)).toBe(1)
      expect(await store.attachments.attach('gw_0', 'node', 7)).toBeUndefined()
      expect(await store.attachments.attach('gw_b', 'unknown', 7)).toBeUndefined()
      const facts = { version: '1.2.3', threads: 2 }
      await store.attachments.report([
        position('gw_a', 1, { revision: 4, hash: 'four', facts }),
        position('gw_b', 1, { revision: 4, hash: 'four' }),
        position('gw_0', 1),
      ])
      await store.attachments.report([])
      const [first, second] = await store.attachments.all()
      expect(first).toEqual({
        id: 'gw_a',
        name: 'edge',
        role: 'gateway',
        node: 'node',
        attachment: 1,
        wasAttached: true,
        isPast: false,
        isOnHistory: false,
        revision: 4,
        hash: 'four',
        enrolledAtMs: 5,
        seenAtMs: 8,
        facts,
      })
      expect(second).toMatchObject({ node: '', attachment: 0, isPast: true, seenAtMs: 0, facts: {} })
    })

    test('know whether the position of a gateway belongs to the history of the database', async () => {
      await using db = await database()
      await using store = await db.open()
      await enrolled(store, 'gw_a', 'gw_b')
      await store.attachments.registerNode({ id: 'node', leaseMs: 50, seenAtMs: 3 })
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const { revision, hash } = await readSnapshot(store)
      for (const id of ['gw_a', 'gw_b']) await store.attachments.attach(id, 'node', 7)
      await store.attachments.report([
        position('gw_a', 1, { revision, hash }),
        position('gw_b', 1, { revision, hash: 'of another history' }),
      ])
      expect((await store.attachments.all()).map(({ isOnHistory }) => isOnHistory)).toEqual([true, false])
      expect(await store.attachments.progress()).toEqual([
        {
          id: 'gw_a',
          role: 'gateway',
          revision,
          wasAttached: true,
          isPast: false,
          isOnHistory: true,
          seenAtMs: 8,
        },
        {
          id: 'gw_b',
          role: 'gateway',
          revision,
          wasAttached: true,
          isPast: false,
          isOnHistory: false,
          seenAtMs: 8,
        },
      ])
      expect((await store.attachments.behind(revision)).map(({ id }) => id)).toEqual(['gw_b'])
      expect((await store.attachments.behind(revision + 1)).map(({ id }) => id)).toEqual(['gw_a', 'gw_b'])
    })

    test('forget what was reported before, and take nothing of an earlier attachment', async () => {
      await using db = await database()
      await using store = await db.open()
      await enrolled(store, 'gw_a')
      for (const id of ['one', 'other'])
        await store.attachments.registerNode({ id, leaseMs: 50, seenAtMs: 3 })
      await store.attachments.attach('gw_a', 'one', 7)
      await store.attachments.report([position('gw_a', 1, { revision: 4, hash: 'four' })])
      expect(await store.attachments.attach('gw_a', 'other', 9)).toBe(2)
      await store.attachments.report([position('gw_a', 1, { revision: 4, hash: 'four' })])
      await store.attachments.markPast('gw_a', 1)
      expect(await store.attachments.all()).toMatchObject([
        { node: 'other', revision: 0, hash: '', isPast: false },
      ])
      await store.attachments.markPast('gw_a', 2)
      expect(await store.attachments.all()).toMatchObject([{ node: '', isPast: true }])
      expect(await store.attachments.attach('gw_a', 'one', 9)).toBe(3)
      expect(await store.attachments.all()).toMatchObject([{ node: 'one', isPast: false }])
    })

    test('mark the gateways of a node as past their leases with its removal, which a renewal excludes', async () => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      await enrolled(store, 'gw_a')
      for (let round = 1; round <= 30; round += 1) {
        const id = `node ${round}`
        await store.attachments.registerNode({ id, leaseMs: 50, seenAtMs: 3 })
        await store.attachments.attach('gw_a', id, 7)
        const [isRenewed, isRemoved] = await Promise.all([
          store.attachments.renewNode(id, 1, 4),
          other.attachments.removeNode(id, 1),
        ])
        expect(isRenewed).toBe(!isRemoved)
        expect(await store.attachments.all()).toMatchObject([
          { isPast: isRemoved, node: isRemoved ? '' : id },
        ])
        expect(await store.attachments.renewNode(id, 1, 4)).toBe(false)
        expect(await store.attachments.renewNode(id, 2, 4)).toBe(isRenewed)
        await store.attachments.endNode(id)
      }
      expect(await store.attachments.nodes()).toEqual([])
    })
  })
}

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PortalSessionRow } from '../../port/portal/portal-sessions.ts'
import type { Store } from '../../port/store.ts'
import { change, entry } from '../examples/audit-events.ts'
import { FIRST_MS } from '../examples/example.ts'
import { portalSession } from '../examples/portal-sessions.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

const PENDING = {
  state: 'pending',
  tokenDigest: null,
  openedAtMs: null,
  openerAddress: null,
  openerUserAgent: null,
} as const

/** Sessions of a consumer's people. Each test has an organization of its own. */
export function portalSessionsContract(database: () => Promise<TestDatabase>): void {
  describe('portal sessions', () => {
    const resources = new AsyncDisposableStack()
    let store: Store

    beforeAll(async () => {
      const db = resources.use(await database())
      store = resources.use(await db.open())
    })

    afterAll(async () => {
      await resources.disposeAsync()
    })

    async function insert(
      owner: string,
      id: string,
      more: Partial<PortalSessionRow> = {},
    ): Promise<PortalSessionRow> {
      const row = portalSession(owner, id, more)
      await change(store, owner, (tx) => tx.portalSessions.insert(row))
      return row
    }

    test('open once, and are found by their token only while they are open', async () => {
      await store.write((tx) => insertOrganization(tx, 'once'))
      const row = await insert('once', 'por_a1', { ...PENDING, issuerEndsAtMs: FIRST_MS + 7 })
      const opening = {
        tokenDigest: 'a token',
        openedAtMs: FIRST_MS + 5,
        openerAddress: '203.0.113.9',
        openerUserAgent: null,
      }
      const open = (organization: string) =>
        change(store, 'once', (tx) => tx.portalSessions.open(organization, 'por_a1', opening))
      expect(await refusalOf(open('rival'))).toBe('not_found')
      expect(await store.read.portalSessions.byToken('a token')).toBeUndefined()
      await open('once')
      const opened = { ...row, ...opening, state: 'open' }
      expect(await store.read.portalSessions.byToken('a token')).toEqual(opened)
      expect(await store.read.portalSessions.byLink(row.linkDigest)).toEqual(opened)
      expect(await refusalOf(open('once'))).toBe('not_found')
      await change(store, 'once', (tx) => tx.portalSessions.end('once', 'por_a1', FIRST_MS + 6))
      expect(await store.read.portalSessions.byToken('a token')).toBeUndefined()
      expect(await store.read.portalSessions.byLink(row.linkDigest)).toEqual({
        ...opened,
        state: 'ended',
        tokenDigest: null,
        endedAtMs: FIRST_MS + 6,
      })
      expect(await refusalOf(open('once'))).toBe('not_found')
    })

    test('end once', async () => {
      await store.write((tx) => insertOrganization(tx, 'ended'))
      await insert('ended', 'por_b1', PENDING)
      const end = (organization: string) =>
        change(store, 'ended', (tx) => tx.portalSessions.end(organization, 'por_b1', FIRST_MS + 2))
      expect(await refusalOf(end('rival'))).toBe('not_found')
      await end('ended')
      expect(await refusalOf(end('ended'))).toBe('not_found')
    })

    test('of a consumer are live until they end or expire', async () => {
      await store.write((tx) => insertOrganization(tx, 'live'))
      await insert('live', 'por_c2', { createdAtMs: FIRST_MS + 1 })
      await insert('live', 'por_c1', { ...PENDING, expiresAtMs: FIRST_MS + 500 })
      await insert('live', 'por_c3', { consumer: 'con_2' })
      await insert('live', 'por_c4', { state: 'ended', endedAtMs: FIRST_MS + 1, tokenDigest: null })
      const liveAt = async (afterMs: number) => {
        const rows = await store.read.portalSessions.liveOfConsumer('live', 'con_1', FIRST_MS + afterMs)
        return rows.map(({ id }) => id)
      }
      expect(await liveAt(499)).toEqual(['por_c1', 'por_c2'])
      expect(await liveAt(500)).toEqual(['por_c2'])
      expect(await liveAt(1000)).toEqual([])
    })

    test('that expired long ago are removed, the oldest first', async () => {
      await store.write((tx) => insertOrganization(tx, 'old'))
      for (const age of [1, 2, 3]) await insert('old', `por_d${age}`, { expiresAtMs: 10 - age })
      const remove = async (beforeMs: number, limit: number) => {
        const { value } = await store.write(async (tx) => {
          tx.audit(entry('old'))
          return await tx.portalSessions.removeExpired(beforeMs, limit)
        })
        return value.map(({ id }) => id)
      }
      expect(await remove(9, 1)).toEqual(['por_d3'])
      expect(await remove(9, 10)).toEqual(['por_d2'])
      expect(await store.read.portalSessions.get('old', 'por_d1')).toBeDefined()
    })
  })
}

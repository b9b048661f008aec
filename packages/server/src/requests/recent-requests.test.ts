import { describe, expect, test } from 'vitest'
import {
  type FindRequests,
  RecentRequests,
  REQUESTS_MAX,
  REQUESTS_PER_OUTCOME_MAX,
  windowOf,
} from './recent-requests.ts'
import { endedRequest } from './testing/ended-request.ts'

/** The ids of the requests that are kept, newest first. */
function idsOf(recent: RecentRequests, organization: string, limit = REQUESTS_MAX): string[] {
  return recent.find(organization, { limit }).found.map(({ record }) => record.requestId)
}

function flood(recent: RecentRequests, organization: string, count: number, code = 'valid'): void {
  for (let index = 0; index < count; index += 1) {
    recent.add(endedRequest({ organization, requestId: `${code}-${index}`, code }))
  }
}

describe('recent requests', () => {
  test('are found newest first, in pages', async () => {
    const recent = new RecentRequests()
    const window = windowOf('gw_1', recent)
    flood(recent, 'acme', 5)
    const first = await window.recentRequests('acme', { limit: 3 })
    expect(first.records.map(({ requestId }) => requestId)).toEqual(['valid-4', 'valid-3', 'valid-2'])
    flood(recent, 'acme', 2, 'key_expired')
    const second = await window.recentRequests('acme', { limit: 3, before: first.next ?? 0 })
    expect(second.records.map(({ requestId }) => requestId)).toEqual(['valid-1', 'valid-0'])
    expect(second.next).toBeNull()
  })

  test('of several threads are found in one order, in pages', async () => {
    let sequence = 0
    const next = (): number => (sequence += 1)
    const [own, ...others] = [0, 1, 2].map(() => new RecentRequests(next))
    const threads = [own ?? new RecentRequests(), ...others]
    for (let index = 0; index < 10; index += 1) {
      threads[index % 3]?.add(endedRequest({ organization: 'acme', requestId: `${index}`, code: 'valid' }))
    }
    const finders = others.map(
      (thread): FindRequests =>
        async (...asked) =>
          await Promise.resolve(thread.find(...asked)),
    )
    const window = windowOf('gw_1', threads[0] ?? new RecentRequests(), true, finders)
    for (const limit of [1, 2, 3, 4, 10, 11]) {
      const seen: string[] = []
      let before: number | undefined
      do {
        const page = await window.recentRequests('acme', { limit, before })
        seen.push(...page.records.map(({ requestId }) => requestId))
        expect(page.records.length).toBeGreaterThan(0)
        before = page.next ?? undefined
      } while (before !== undefined)
      expect(seen).toEqual(['9', '8', '7', '6', '5', '4', '3', '2', '1', '0'])
    }
  })

  test('have a next page only if it has requests', () => {
    const recent = new RecentRequests()
    flood(recent, 'acme', 3)
    flood(recent, 'acme', 3, 'key_expired')
    expect(recent.find('acme', { limit: 3, code: 'valid' }).hasMore).toBe(false)
    expect(recent.find('acme', { limit: 2, code: 'valid' }).hasMore).toBe(true)
  })

  test('are those of one organization; requests without one are not kept', () => {
    const recent = new RecentRequests()
    recent.add(endedRequest({ organization: 'rival', requestId: 'theirs' }))
    recent.add(endedRequest({ organization: null, requestId: 'unknown' }))
    expect(idsOf(recent, 'acme')).toEqual([])
    expect(idsOf(recent, 'rival')).toEqual(['theirs'])
    expect(recent.size).toBe(1)
  })

  test('fit a filter exactly', () => {
    const recent = new RecentRequests()
    recent.add(endedRequest({ requestId: 'one', atMs: 10, keyId: 'key_1', pipeline: 'orders' }))
    recent.add(
      endedRequest({ requestId: 'two', atMs: 20, consumer: 'con_1', pipeline: 'leads', code: 'key_expired' }),
    )
    const found = (filter: object): string[] =>
      recent.find('acme', { limit: 9, ...filter }).found.map(({ record }) => record.requestId)
    expect(found({})).toEqual(['two', 'one'])
    expect(found({ requestId: 'one' })).toEqual(['one'])
    expect(found({ requestId: 'on' })).toEqual([])
    expect(found({ key: 'key_1' })).toEqual(['one'])
    expect(found({ consumer: 'con_1' })).toEqual(['two'])
    expect(found({ pipeline: 'orders' })).toEqual(['one'])
    expect(found({ code: 'key_expired' })).toEqual(['two'])
    expect(found({ from: 10, to: 20 })).toEqual(['one'])
    expect(found({ from: 11, to: 21 })).toEqual(['two'])
    expect(found({ key: 'key_1', code: 'key_expired' })).toEqual([])
  })
})

describe('the memory', () => {
  test('of one organization is bounded, and refused requests displace no others', () => {
    const recent = new RecentRequests()
    flood(recent, 'acme', 3)
    flood(recent, 'acme', REQUESTS_PER_OUTCOME_MAX + 1, 'key_expired')
    const ids = idsOf(recent, 'acme')
    expect(ids).toHaveLength(REQUESTS_PER_OUTCOME_MAX + 3)
    expect(ids).toContain('key_expired-1')
    expect(ids).not.toContain('key_expired-0')
    expect(ids.slice(-3)).toEqual(['valid-2', 'valid-1', 'valid-0'])
  })

  test('of all is bounded, and a busy organization displaces no request of one that has few', () => {
    const recent = new RecentRequests()
    flood(recent, 'quiet', 5)
    const busy = Array.from({ length: 60 }, (_, index) => `busy-${index}`)
    for (const organization of busy) flood(recent, organization, REQUESTS_PER_OUTCOME_MAX)
    expect(recent.size).toBeLessThanOrEqual(REQUESTS_MAX)
    expect(recent.size).toBeGreaterThan(REQUESTS_MAX / 2)
    expect(idsOf(recent, 'quiet')).toHaveLength(5)
    for (const organization of busy) {
      const ids = idsOf(recent, organization)
      expect(ids.length).toBeGreaterThan(REQUESTS_MAX / 2 / busy.length)
      // The newest stay.
      expect(ids[0]).toBe(`valid-${REQUESTS_PER_OUTCOME_MAX - 1}`)
    }
  })

  test('stays bounded with more organizations than requests', () => {
    const recent = new RecentRequests()
    const count = REQUESTS_MAX + 10
    for (let index = 0; index < count; index += 1) flood(recent, `org-${index}`, 1)
    expect(recent.size).toBeLessThanOrEqual(REQUESTS_MAX)
    expect(idsOf(recent, `org-${count - 1}`)).toEqual(['valid-0'])
    expect(idsOf(recent, 'org-0')).toEqual([])
  })
})

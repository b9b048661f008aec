import { describe, expect, test } from 'vitest'
import { RecentRequests, REQUESTS_MAX, REQUESTS_PER_OUTCOME_MAX } from './recent-requests.ts'
import { endedRequest } from './testing/ended-request.ts'

/** The ids of the requests that are kept, newest first. */
function idsOf(recent: RecentRequests, organization: string, limit = REQUESTS_MAX): string[] {
  return recent.find(organization, { limit }).records.map(({ requestId }) => requestId)
}

function flood(recent: RecentRequests, organization: string, count: number, code = 'valid'): void {
  for (let index = 0; index < count; index += 1) {
    recent.add(endedRequest({ organization, requestId: `${code}-${index}`, code }))
  }
}

describe('recent requests', () => {
  test('are found newest first, in pages', () => {
    const recent = new RecentRequests()
    flood(recent, 'acme', 5)
    const first = recent.find('acme', { limit: 3 })
    expect(first.records.map(({ requestId }) => requestId)).toEqual(['valid-4', 'valid-3', 'valid-2'])
    flood(recent, 'acme', 2, 'key_expired')
    const second = recent.find('acme', { limit: 3, before: first.next ?? 0 })
    expect(second.records.map(({ requestId }) => requestId)).toEqual(['valid-1', 'valid-0'])
    expect(second.next).toBeNull()
  })

  test('have a next page only if it has requests', () => {
    const recent = new RecentRequests()
    flood(recent, 'acme', 3)
    flood(recent, 'acme', 3, 'key_expired')
    expect(recent.find('acme', { limit: 3, code: 'valid' }).next).toBeNull()
    expect(recent.find('acme', { limit: 2, code: 'valid' }).next).not.toBeNull()
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
      recent.find('acme', { limit: 9, ...filter }).records.map(({ requestId }) => requestId)
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

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { deployment } from '../testing/started-gateway.ts'
import { Exchange } from './exchange.ts'
import { RecentExchanges } from './recent-exchanges.ts'

const record = deployment()

/** New exchanges, told apart by the ids of their deployments. */
function makeExchanges<const Id extends string>(...ids: readonly Id[]): Record<Id, Exchange> {
  const made = ids.map((id) => [id, new Exchange({ ...record, id }, null, null)])
  return Object.fromEntries(made) as Record<Id, Exchange>
}

const ids = (exchanges: Iterable<Exchange>): string[] =>
  Array.from(exchanges, ({ deployment: { id } }) => id).toSorted()

describe('RecentExchanges', () => {
  test('returns an exchange in the second round after its registration, and only once', () => {
    const recent = new RecentExchanges()
    const { early, late } = makeExchanges('early', 'late')
    recent.add(early)
    expect(ids(recent.nextRound())).toEqual([])
    recent.add(late)
    expect(ids(recent.nextRound())).toEqual(['early'])
    expect(recent.size).toBe(1)
    expect(ids(recent.nextRound())).toEqual(['late'])
    expect(recent.size).toBe(0)
    expect(ids(recent.nextRound())).toEqual([])
  })

  test('deletes an exchange once, and none that a round has returned', () => {
    const recent = new RecentExchanges()
    const { ended, lasting, unknown } = makeExchanges('ended', 'lasting', 'unknown')
    recent.add(ended)
    recent.add(lasting)
    expect(recent.delete(ended)).toBe(true)
    expect(recent.delete(ended)).toBe(false)
    expect(recent.delete(unknown)).toBe(false)
    recent.nextRound()
    expect(ids(recent.nextRound())).toEqual(['lasting'])
    expect(recent.delete(lasting)).toBe(false)
    expect(recent.size).toBe(0)
  })

  test('holds the exchanges that were neither deleted nor returned, after any changes', () => {
    const operation = fc.oneof(
      { weight: 8, arbitrary: fc.tuple(fc.constantFrom('add', 'delete'), fc.nat(5)) },
      { weight: 1, arbitrary: fc.tuple(fc.constantFrom('round', 'all'), fc.constant(0)) },
    )
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const recent = new RecentExchanges()
        const exchanges = Object.values(makeExchanges('a', 'b', 'c', 'd', 'e', 'f'))
        let older: Exchange[] = []
        let newer: Exchange[] = []
        for (const [kind, index] of operations) {
          const exchange = exchanges[index] as Exchange
          const isHeld = [...older, ...newer].includes(exchange)
          if (kind === 'add' && !isHeld) {
            recent.add(exchange)
            newer.push(exchange)
          } else if (kind === 'delete') {
            expect(recent.delete(exchange)).toBe(isHeld)
            older = older.filter((each) => each !== exchange)
            newer = newer.filter((each) => each !== exchange)
          } else if (kind === 'round') {
            expect(ids(recent.nextRound())).toEqual(ids(older))
            older = newer
            newer = []
          } else if (kind === 'all') {
            expect(ids(recent.takeAll())).toEqual(ids([...older, ...newer]))
            older = []
            newer = []
          }
          expect(recent.size).toBe(older.length + newer.length)
        }
        expect(ids(recent.takeAll())).toEqual(ids([...older, ...newer]))
      }),
    )
  })
})

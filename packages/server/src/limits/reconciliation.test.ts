import { setImmediate as turn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { CountedCounter, LimitStore } from './limit-store.ts'
import { COUNTERS_PER_CALL_MAX, COUNTERS_PER_ROUND_MAX, PERIOD_MS, unknownMsMax } from './limit-terms.ts'
import { Reconciliation } from './reconciliation.ts'
import { SharedCounter } from './shared-counter.ts'

const WAIT_MS = 50

/** Rounds by a clock of the test, and the messages that they send. */
class Rounds {
  nowMs = 0
  level = 0
  readonly messages: (readonly CountedCounter[])[] = []
  readonly #store: { -readonly [Member in keyof LimitStore]: LimitStore[Member] } = {
    isUp: true,
    era: 1,
    waitMs: WAIT_MS,
    charge: async () => await Promise.resolve(null),
    exchange: async (counters: readonly CountedCounter[]) => {
      this.messages.push(counters)
      return await Promise.resolve(this.#store.isUp ? counters.map(() => this.level) : null)
    },
  }
  #next: (() => void) | null = null
  readonly reconciliation: Reconciliation

  constructor() {
    this.reconciliation = new Reconciliation(this.#store, {
      monotonicMs: () => this.nowMs,
      after: (ms, call) => {
        expect(ms).toBe(PERIOD_MS)
        this.#next = call
        return () => {
          this.#next = null
        }
      },
    })
  }

  set isUp(isUp: boolean) {
    this.#store.isUp = isUp
  }

  /** Whether a round will take place. */
  get isDue(): boolean {
    return this.#next !== null
  }

  /** The counters that the next round sends. */
  async round(): Promise<readonly CountedCounter[]> {
    this.nowMs += PERIOD_MS
    this.messages.length = 0
    const next = this.#next
    this.#next = null
    next?.()
    await turn()
    return this.messages.flat()
  }

  used(key: string): SharedCounter {
    const counter = new SharedCounter(key, 10, 1000)
    counter.count(this.nowMs)
    this.reconciliation.use(counter, this.nowMs)
    return counter
  }
}

test('a counter is told once, read while it is in use, and then left alone', async () => {
  const rounds = new Rounds()
  rounds.used('a')
  expect(await rounds.round()).toMatchObject([{ key: 'a', count: 1, level: 0 }])
  let further = 0
  while (rounds.isDue) {
    expect(await rounds.round()).toMatchObject([{ key: 'a', count: 0 }])
    further += 1
  }
  expect(further).toBe(unknownMsMax(WAIT_MS) / PERIOD_MS - 1)
})

test('a round has a limited number of counters, in messages of a limited size, and counters take turns', async () => {
  const rounds = new Rounds()
  const keys = Array.from({ length: COUNTERS_PER_ROUND_MAX + 150 }, (_, index) => `c${index}`)
  for (const key of keys) rounds.used(key)
  expect(rounds.reconciliation.cycleMs).toBe(2 * PERIOD_MS)
  const first = await rounds.round()
  expect(first.map(({ key }) => key)).toEqual(keys.slice(0, COUNTERS_PER_ROUND_MAX))
  expect(rounds.messages.map((message) => message.length)).toEqual(
    Array.from({ length: COUNTERS_PER_ROUND_MAX / COUNTERS_PER_CALL_MAX }, () => COUNTERS_PER_CALL_MAX),
  )
  const second = await rounds.round()
  expect(second.slice(0, 151).map(({ key }) => key)).toEqual([...keys.slice(COUNTERS_PER_ROUND_MAX), 'c0'])
})

test('without the store nothing is sent, and then all of it', async () => {
  const rounds = new Rounds()
  rounds.isUp = false
  const counter = rounds.used('a')
  for (let round = 0; round < 20; round += 1) expect(await rounds.round()).toEqual([])
  counter.count(rounds.nowMs)
  rounds.isUp = true
  // The first one has drained: it was 2 s ago, and the limit refills 10 in each second.
  const [told] = await rounds.round()
  expect(told?.count).toBeGreaterThan(1)
  expect(told?.count).toBeLessThanOrEqual(2)
})

test('what a failed message said is told again by its level, and not counted twice', async () => {
  const rounds = new Rounds()
  rounds.used('a')
  rounds.isUp = false
  await rounds.reconciliation.tellAll()
  expect(rounds.messages.flat()).toMatchObject([{ count: 1, level: 1 }])
  rounds.isUp = true
  expect(await rounds.round()).toMatchObject([{ count: 0, level: 0 }])
})

test('a counter that is met twice at once is read once', async () => {
  const rounds = new Rounds()
  const [one, other] = [new SharedCounter('a', 10, 1000), new SharedCounter('b', 10, 1000)]
  rounds.level = 7
  await Promise.all([one, other, one].map(async (counter) => await rounds.reconciliation.meet(counter)))
  expect(rounds.messages.map((message) => message.map(({ key }) => key))).toEqual([['a', 'b']])
  expect([one, other].map((counter) => [counter.readInEra, counter.ask(0).remaining])).toEqual([
    [1, 2],
    [1, 2],
  ])
})

test('a forgotten counter is not sent, and the end sends nothing', async () => {
  const rounds = new Rounds()
  const counter = rounds.used('a')
  rounds.reconciliation.forget(counter)
  expect(await rounds.round()).toEqual([])
  rounds.used('b')
  rounds.reconciliation[Symbol.dispose]()
  expect(rounds.isDue).toBe(false)
  rounds.used('c')
  expect(rounds.isDue).toBe(false)
})

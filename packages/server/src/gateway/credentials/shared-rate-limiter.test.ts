import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { LimitFact, RateLimit } from '@sallyport/core'
import type { CountedCounter, LimitStore } from '../../limits/limit-store.ts'
import { unknownMsMax, untoldMsMax } from '../../limits/limit-terms.ts'
import { Reconciliation } from '../../limits/reconciliation.ts'
import { StoreModel } from '../../limits/testing/store-model.ts'
import type { RateLimitedRequest } from './request-limits.ts'
import { SharedRateLimiter, type LimitDecider } from './shared-rate-limiter.ts'

const WAIT_MS = 50
const UNKNOWN_MS = unknownMsMax(WAIT_MS)
/** The store's clock is another one. */
const STORE_EPOCH_MS = 1_700_000_000_000

function ask(requests: number, per: RateLimit['per'] = 'second', consumer = 'con_1'): RateLimitedRequest {
  return {
    organization: 'acme',
    counterPrefix: 'acme prod orders ',
    ownIssuer: 'urn:sallyport:acme:prod',
    pipelineLimits: [{ requests, per, by: 'consumer' }],
    keyLimits: [],
    externalKeyLimits: [],
    planLimits: [],
    principal: { organization: 'acme', consumer, keyId: 'key_1', claims: null },
    address: () => '192.0.2.1',
  }
}

/** Time that passes event by event, in whole milliseconds or parts of them. */
class World {
  nowMs = 0
  readonly model = new StoreModel()
  /** Whether messages reach the store. */
  isStoreUp = true
  #events: { readonly atMs: number; readonly order: number; readonly call: () => void }[] = []
  #order = 0

  after = (ms: number, call: () => void): (() => void) => {
    const event = { atMs: this.nowMs + ms, order: (this.#order += 1), call }
    this.#events.push(event)
    return () => {
      this.#events = this.#events.filter((one) => one !== event)
    }
  }

  /** Lets all happen that is due until a time. */
  async runUntil(endMs: number): Promise<void> {
    await settled()
    for (;;) {
      const [next] = this.#events.toSorted((one, other) => one.atMs - other.atMs || one.order - other.order)
      if (next === undefined || next.atMs > endMs) break
      this.#events = this.#events.filter((one) => one !== next)
      this.nowMs = Math.max(this.nowMs, next.atMs)
      next.call()
      await settled()
    }
    this.nowMs = endMs
  }
}

/** Lets everything run that waits for no time. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
}

/** How long messages take, in ms: to the store and back. `Infinity` for one that is lost. */
interface Delays {
  next(): number
}

/** A gateway with a limiter, whose messages take a while. */
class Gateway {
  readonly limiter: SharedRateLimiter
  readonly decided: LimitDecider[] = []
  readonly store: LimitStore & { isUp: boolean; era: number }
  readonly reconciliation: Reconciliation

  constructor(world: World, delays: Delays, isExact = false) {
    const monotonicMs = (): number => world.nowMs
    /** Runs something at the store after a while, and returns its result after another one. */
    const travel = async (run: (nowMs: number) => readonly number[]): Promise<readonly number[] | null> =>
      await new Promise((resolve) => {
        if (!world.isStoreUp) {
          world.after(WAIT_MS, () => resolve(null))
          return
        }
        const [there, back] = [delays.next(), delays.next()]
        if (there + back > WAIT_MS) world.after(WAIT_MS, () => resolve(null))
        if (there > WAIT_MS) return
        world.after(there, () => {
          const levels = run(STORE_EPOCH_MS + world.nowMs)
          if (there + back <= WAIT_MS) world.after(back, () => resolve(levels))
        })
      })
    this.store = {
      isUp: true,
      era: 1,
      waitMs: WAIT_MS,
      charge: async (charge) => {
        const sentAtMs = STORE_EPOCH_MS + world.nowMs
        return await travel((nowMs) => world.model.charge(charge, sentAtMs, nowMs))
      },
      exchange: async (counters: readonly CountedCounter[]) => {
        const sentAtMs = STORE_EPOCH_MS + world.nowMs
        return await travel((nowMs) => world.model.exchange(counters, untoldMsMax(WAIT_MS), sentAtMs, nowMs))
      },
    }
    this.reconciliation = new Reconciliation(this.store, { monotonicMs, after: world.after })
    this.limiter = new SharedRateLimiter({
      store: this.store,
      reconciliation: this.reconciliation,
      isExact,
      keyOf: (name) => name,
      monotonicMs,
      onDecided: (by) => this.decided.push(by),
    })
  }
}

/** The level that one gateway with all requests would have. */
class AllRequests {
  readonly #rate: number
  readonly admitted: { readonly atMs: number; readonly gateway: number }[] = []
  #level = 0
  #atMs = 0

  constructor(requests: number) {
    this.#rate = requests / 1000
  }

  levelAt(nowMs: number): number {
    return Math.max(0, this.#level - (nowMs - this.#atMs) * this.#rate)
  }

  admit(gateway: number, nowMs: number): void {
    this.#level = this.levelAt(nowMs) + 1
    this.#atMs = nowMs
    this.admitted.push({ atMs: nowMs, gateway })
  }

  /** What the other gateways admitted within the last `UNKNOWN_MS`. */
  unknownTo(gateway: number, nowMs: number): number {
    return this.admitted.filter((one) => one.gateway !== gateway && one.atMs > nowMs - UNKNOWN_MS).length
  }
}

const INSTANT: Delays = { next: () => 0 }

describe('in exact mode', () => {
  test('three gateways together admit exactly the limit, whatever the delays', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.infiniteStream(fc.integer({ min: 0, max: 20 })),
        fc.array(fc.tuple(fc.nat(2), fc.nat(3)), { minLength: 30, maxLength: 60 }),
        async (stream, requests) => {
          const world = new World()
          const delays = { next: () => stream.next().value }
          const gateways = [0, 1, 2].map(() => new Gateway(world, delays, true))
          const facts: LimitFact['kind'][] = []
          for (const [gateway, gapMs] of requests) {
            const fact = gateways[gateway]?.limiter.consume(ask(20, 'day'), world.nowMs)
            void Promise.resolve(fact).then((one) => one !== undefined && facts.push(one.kind))
            await world.runUntil(world.nowMs + gapMs)
          }
          await world.runUntil(world.nowMs + 1000)
          expect(facts.filter((kind) => kind === 'within')).toHaveLength(20)
          expect(facts).toHaveLength(requests.length)
        },
      ),
      { numRuns: 100 },
    )
  })

  test('charges all limits of a request, or none', async () => {
    const world = new World()
    const { limiter } = new Gateway(world, INSTANT, true)
    const both = (key: number, consumer: number): RateLimitedRequest => ({
      ...ask(consumer, 'hour'),
      keyLimits: [{ requests: key, per: 'hour', by: 'credential' }],
    })
    const consume = async (request: RateLimitedRequest): Promise<LimitFact> => {
      const fact = limiter.consume(request, world.nowMs)
      await world.runUntil(world.nowMs)
      return await fact
    }
    expect((await consume(both(1, 3))).kind).toBe('within')
    for (let refused = 0; refused < 5; refused += 1) {
      expect(await consume(both(1, 3))).toMatchObject({ kind: 'exceeded', budgets: [{ remaining: 2 }, {}] })
    }
    expect(await consume(ask(3, 'hour'))).toMatchObject({ kind: 'within', budgets: [{ remaining: 1 }] })
  })

  test('decides alone while the store does not answer, says so, and goes on from what it knew', async () => {
    const world = new World()
    const gateway = new Gateway(world, INSTANT, true)
    const consume = async (): Promise<LimitFact> => {
      const fact = gateway.limiter.consume(ask(3, 'day'), world.nowMs)
      await world.runUntil(world.nowMs + WAIT_MS)
      return await fact
    }
    expect(await consume()).toMatchObject({ kind: 'within', budgets: [{ remaining: 2 }] })
    world.isStoreUp = false
    expect(await consume()).toMatchObject({
      kind: 'within',
      budgets: [{ remaining: 1, isCountedAlone: true }],
    })
    gateway.store.isUp = false
    expect(await consume()).toMatchObject({
      kind: 'within',
      budgets: [{ remaining: 0, isCountedAlone: true }],
    })
    expect((await consume()).kind).toBe('exceeded')
    expect(gateway.decided).toEqual(['store', 'gateway-alone', 'gateway-alone', 'gateway-alone'])
    // The store comes back without its data, and learns both what it had and what it missed.
    world.isStoreUp = true
    world.model.clear()
    gateway.limiter.tellAll()
    const told = gateway.reconciliation.tellAll()
    await world.runUntil(world.nowMs)
    await told
    Object.assign(gateway.store, { isUp: true, era: 2 })
    expect((await consume()).kind).toBe('exceeded')
    const other = new Gateway(world, INSTANT, true)
    const fact = other.limiter.consume(ask(3, 'day'), world.nowMs)
    await world.runUntil(world.nowMs)
    expect((await fact).kind).toBe('exceeded')
  })
})

/** Checks each decision of three gateways in local mode against what one gateway with all requests would decide. */
class Referee {
  readonly violations: string[] = []
  readonly #requests: number
  readonly #all: AllRequests
  readonly #lastUseMs = [-Infinity, -Infinity, -Infinity]
  /** When a counter that was not in use is up to date again. */
  readonly #upToDateMs = [0, 0, 0]

  constructor(requests: number) {
    this.#requests = requests
    this.#all = new AllRequests(requests)
  }

  decided(gateway: number, { kind }: LimitFact, nowMs: number): void {
    if (nowMs - (this.#lastUseMs[gateway] ?? 0) >= UNKNOWN_MS) {
      this.#upToDateMs[gateway] = nowMs + untoldMsMax(WAIT_MS)
    }
    this.#lastUseMs[gateway] = nowMs
    if (kind === 'exceeded') {
      const level = this.#all.levelAt(nowMs)
      if (level + 1 < this.#requests - 1e-6) this.violations.push(`refused at a level of ${level}`)
      return
    }
    this.#all.admit(gateway, nowMs)
    const level = this.#all.levelAt(nowMs)
    const refill = (this.#requests * UNKNOWN_MS) / 1000
    if (level > 3 * (this.#requests + refill) + 1e-6) this.violations.push(`reached a level of ${level}`)
    const bound = this.#requests + refill + this.#all.unknownTo(gateway, nowMs)
    if (nowMs >= (this.#upToDateMs[gateway] ?? 0) && level > bound + 1e-6) {
      this.violations.push(`reached a level of ${level}, not ${bound}, while it was in use`)
    }
  }
}

describe('in local mode', () => {
  const limit = fc.constantFrom(1, 2, 5, 20, 100)
  const delay = fc.double({ min: 0, max: WAIT_MS / 2, noNaN: true })
  const gap = fc.oneof(
    { weight: 4, arbitrary: fc.nat(20) },
    { weight: 2, arbitrary: fc.nat(120) },
    fc.nat(700),
    fc.nat(3000),
  )
  /** Each burst: a gateway, how many requests, and how long after the one before, in ms. */
  const bursts = fc.array(fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 30 }), gap), {
    minLength: 1,
    maxLength: 150,
  })

  /** What three gateways decide that they should not. */
  async function violationsOf(
    requests: number,
    delays: Delays,
    drawn: readonly (readonly [number, number, number])[],
    onBurst: (world: World, index: number) => void = () => {},
  ): Promise<readonly string[]> {
    const world = new World()
    const gateways = [0, 1, 2].map(() => new Gateway(world, delays))
    const referee = new Referee(requests)
    const consume = (index: number, { limiter }: Gateway): void => {
      const fact = limiter.consume(ask(requests), world.nowMs)
      if (fact instanceof Promise) void fact.then((one) => referee.decided(index, one, world.nowMs))
      else referee.decided(index, fact, world.nowMs)
    }
    for (const [burst, [index, count, gapMs]] of drawn.entries()) {
      await world.runUntil(world.nowMs + gapMs)
      onBurst(world, burst)
      const gateway = gateways[index]
      for (let request = 0; request < count && gateway !== undefined; request += 1) consume(index, gateway)
    }
    await world.runUntil(world.nowMs + 1000)
    return referee.violations
  }

  test('three gateways never refuse what one would allow, and stay within their bound', async () => {
    await fc.assert(
      fc.asyncProperty(limit, fc.infiniteStream(delay), bursts, async (requests, stream, drawn) => {
        const delays = { next: () => stream.next().value }
        expect(await violationsOf(requests, delays, drawn)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('they never refuse what one would allow, also if messages or the data of the store are lost', async () => {
    const lossy = fc.oneof({ weight: 5, arbitrary: delay }, fc.constant(Infinity))
    await fc.assert(
      fc.asyncProperty(limit, fc.infiniteStream(lossy), bursts, async (requests, stream, drawn) => {
        const delays = { next: () => stream.next().value }
        const violations = await violationsOf(requests, delays, drawn, (world, index) => {
          if (index % 7 === 6) world.model.clear()
        })
        expect(violations.filter((one) => one.startsWith('refused'))).toEqual([])
      }),
      { numRuns: 300 },
    )
  })
})

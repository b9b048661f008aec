import { randomBytes } from 'node:crypto'
import { Worker } from 'node:worker_threads'
import { makeKeyId, type PlanLimit, type Principal, type RateLimit } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { limiterMemory, RateLimiter } from './rate-limiter.ts'
import type { RateLimitedRequest } from './request-limits.ts'
import type { LimiterThreadData } from './testing/limiter-thread.ts'

const NOW_MS = 1_700_000_000_000
const ANONYMOUS: Principal = { organization: 'acme', consumer: null, keyId: null, claims: null }

function ask(fields: Partial<RateLimitedRequest> = {}): RateLimitedRequest {
  return {
    organization: 'acme',
    counterPrefix: 'acme prod orders ',
    ownIssuer: 'urn:sallyport:acme:prod',
    pipelineLimits: [],
    keyLimits: [],
    externalKeyLimits: [],
    planLimits: [],
    principal: { ...ANONYMOUS, consumer: 'con_1', keyId: 'key_1' },
    address: () => '192.0.2.1',
    ...fields,
  }
}

const twoASecond = (by: RateLimit['by']): RateLimit[] => [{ requests: 2, per: 'second', by }]

describe('A limiter', () => {
  test('admits the burst and then reports when to retry', () => {
    const limiter = new RateLimiter()
    const question = ask({ pipelineLimits: twoASecond('consumer') })
    expect(limiter.consume(question, NOW_MS).kind).toBe('within')
    expect(limiter.consume(question, NOW_MS).kind).toBe('within')
    expect(limiter.consume(question, NOW_MS)).toMatchObject({ kind: 'exceeded', retryAfterMs: 500 })
    expect(limiter.consume(question, NOW_MS + 499).kind).toBe('exceeded')
    expect(limiter.consume(question, NOW_MS + 500).kind).toBe('within')
  })

  test('counts by consumer or by credential, as the limit defines', () => {
    const other = { ...ANONYMOUS, consumer: 'con_1', keyId: 'key_2' } as const
    for (const [by, third] of [
      ['consumer', 'exceeded'],
      ['credential', 'within'],
    ] as const) {
      const limiter = new RateLimiter()
      limiter.consume(ask({ pipelineLimits: twoASecond(by) }), NOW_MS)
      limiter.consume(ask({ pipelineLimits: twoASecond(by) }), NOW_MS)
      const question = ask({ pipelineLimits: twoASecond(by), principal: other })
      expect(limiter.consume(question, NOW_MS).kind).toBe(third)
    }
  })

  test('counts anonymous callers by address, and pipelines separately', () => {
    const limiter = new RateLimiter()
    const limits = {
      pipelineLimits: [{ requests: 1, per: 'hour', by: 'consumer' }] as const,
      principal: ANONYMOUS,
    }
    expect(limiter.consume(ask(limits), NOW_MS).kind).toBe('within')
    expect(limiter.consume(ask(limits), NOW_MS).kind).toBe('exceeded')
    expect(limiter.consume(ask({ ...limits, address: () => '192.0.2.2' }), NOW_MS).kind).toBe('within')
    expect(limiter.consume(ask({ ...limits, counterPrefix: 'acme prod other ' }), NOW_MS).kind).toBe('within')
  })

  describe("counts callers with a trusted issuer's token", () => {
    const IDP = 'https://idp.example'
    /** The second caller's result with a limit of one request an hour. */
    function second(one: object, other: object, sameAddress = false): string {
      const limiter = new RateLimiter(limiterMemory({ credentials: 10, addresses: 1 }))
      const [, verdict] = [one, other].map((claims, index) =>
        limiter.consume(
          ask({
            pipelineLimits: [{ requests: 1, per: 'hour', by: 'consumer' }],
            principal: { ...ANONYMOUS, claims: { ...claims } },
            address: () => `192.0.2.${sameAddress ? 0 : index}`,
          }),
          NOW_MS,
        ),
      )
      return verdict?.kind ?? 'none'
    }

    test('by issuer and subject, regardless of the address', () => {
      const one = { iss: IDP, sub: 'user-1' }
      expect(second(one, { ...one, jti: '2' })).toBe('exceeded')
      expect(second(one, { ...one, sub: 'user-2' }, true)).toBe('within')
      expect(second(one, { ...one, iss: `${IDP}/` }, true)).toBe('within')
      expect(second({ iss: 'a', sub: 'b c' }, { iss: 'a b', sub: 'c' }, true)).toBe('within')
    })

    test('by address if it has no subject, or is an own token without a consumer', () => {
      for (const claims of [
        { iss: IDP },
        { sub: 'user-1' },
        { iss: 'urn:sallyport:acme:prod', sub: 'anybody' },
      ]) {
        expect(second(claims, claims)).toBe('within')
        expect(second(claims, claims, true)).toBe('exceeded')
      }
    })

    test('by issuer and subject, to the last of many characters', () => {
      const sub = 'u'.repeat(8000)
      expect(second({ iss: IDP, sub }, { iss: IDP, sub })).toBe('exceeded')
      expect(second({ iss: IDP, sub: `${sub}1` }, { iss: IDP, sub: `${sub}2` }, true)).toBe('within')
    })

    test('separately, so that anonymous callers cannot evict them, and they cannot evict consumers', () => {
      const limiter = new RateLimiter(limiterMemory({ credentials: 1, subjects: 1, addresses: 1 }))
      const consumer = ask({ pipelineLimits: [{ requests: 1, per: 'hour', by: 'consumer' }] })
      expect(limiter.consume(consumer, NOW_MS).kind).toBe('within')
      const once = (claims: Principal['claims'], address: string): string =>
        limiter.consume(
          ask({
            pipelineLimits: [{ requests: 1, per: 'hour', by: 'credential' }],
            principal: { ...ANONYMOUS, claims },
            address: () => address,
          }),
          NOW_MS,
        ).kind
      const user = { iss: IDP, sub: 'user-1' }
      expect(once(user, '192.0.2.1')).toBe('within')
      for (let host = 2; host < 10; host += 1) once(null, `192.0.2.${host}`)
      expect(once(user, '192.0.2.1')).toBe('exceeded')
      for (let other = 2; other < 10; other += 1) once({ ...user, sub: `user-${other}` }, '192.0.2.1')
      expect(limiter.consume(consumer, NOW_MS).kind).toBe('exceeded')
      expect(limiter.size).toBe(3)
    })
  })

  test('counts a request under all limits or under none', () => {
    const limiter = new RateLimiter()
    const minute: RateLimit = { requests: 2, per: 'minute', by: 'credential' }
    const hour: RateLimit = { requests: 3, per: 'hour', by: 'credential' }
    const both = ask({ pipelineLimits: [minute, hour] })
    limiter.consume(both, NOW_MS)
    limiter.consume(both, NOW_MS)
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expect(limiter.consume(both, NOW_MS).kind).toBe('exceeded')
    }
    // The refused requests used nothing of the hourly limit.
    expect(limiter.consume(both, NOW_MS + 30_000).kind).toBe('within')
    expect(limiter.consume(both, NOW_MS + 60_000)).toMatchObject({ kind: 'exceeded' })
  })

  test("counts a key's own limits across all pipelines", () => {
    const limiter = new RateLimiter()
    const keyLimits: RateLimit[] = [{ requests: 1, per: 'day', by: 'consumer' }]
    expect(limiter.consume(ask({ keyLimits }), NOW_MS).kind).toBe('within')
    expect(limiter.consume(ask({ keyLimits, counterPrefix: 'acme prod other ' }), NOW_MS).kind).toBe(
      'exceeded',
    )
    const other = { ...ANONYMOUS, consumer: 'con_1', keyId: 'key_2' } as const
    expect(limiter.consume(ask({ keyLimits, principal: other }), NOW_MS).kind).toBe('within')
  })

  test("counts a key's own limits across pipelines with and without limits", () => {
    const limiter = new RateLimiter()
    const keyLimits: RateLimit[] = [
      { requests: 1, per: 'day', by: 'credential' },
      { requests: 1, per: 'month', by: 'credential' },
    ]
    const pipelineLimits: RateLimit[] = [{ requests: 100, per: 'minute', by: 'consumer' }]
    expect(limiter.consume(ask({ keyLimits }), NOW_MS).kind).toBe('within')
    expect(limiter.consume(ask({ keyLimits, pipelineLimits }), NOW_MS).kind).toBe('exceeded')
  })

  test("counts a partner's key in each organization that limits it, and its own limits across all", () => {
    const limiter = new RateLimiter()
    const externalKeyLimits: RateLimit[] = [{ requests: 1, per: 'day', by: 'credential' }]
    const keyLimits: RateLimit[] = [{ requests: 2, per: 'day', by: 'credential' }]
    const here = ask({ externalKeyLimits, keyLimits })
    const there = { ...here, organization: 'rival', counterPrefix: 'rival prod orders ' }
    expect(limiter.consume(here, NOW_MS)).toMatchObject({
      kind: 'within',
      budgets: [
        { of: 'key', remaining: 1 },
        { of: 'external-key', remaining: 0 },
      ],
    })
    expect(limiter.consume({ ...here, counterPrefix: 'acme prod other ' }, NOW_MS).kind).toBe('exceeded')
    expect(limiter.consume(there, NOW_MS).kind).toBe('within')
    const third = { ...here, organization: 'third', counterPrefix: 'third prod orders ' }
    expect(limiter.consume(third, NOW_MS).kind).toBe('exceeded')
  })

  test('reports the budget of every limit, including those not exceeded', () => {
    const limiter = new RateLimiter()
    const minute: RateLimit = { requests: 1, per: 'minute', by: 'credential' }
    const hour: RateLimit = { requests: 3600, per: 'hour', by: 'consumer' }
    const question = ask({ pipelineLimits: [minute, hour], keyLimits: [{ ...hour, by: 'credential' }] })
    expect(limiter.consume(question, NOW_MS).budgets).toMatchObject([
      { of: 'pipeline', limit: minute, remaining: 0, resetAfterMs: 60_000 },
      { of: 'pipeline', limit: hour, remaining: 3599, resetAfterMs: 1000 },
      { of: 'key', remaining: 3599, resetAfterMs: 1000 },
    ])
    expect(limiter.consume(question, NOW_MS)).toMatchObject({
      kind: 'exceeded',
      retryAfterMs: 60_000,
      budgets: [{ remaining: 0 }, { remaining: 3599, resetAfterMs: 1000 }, { remaining: 3599 }],
    })
  })

  describe("counts a consumer's requests under its plan", () => {
    const aDay = (requests: number, scope: PlanLimit['scope'] = 'environment'): PlanLimit => ({
      requests,
      per: 'day',
      scope,
    })
    const other = 'acme prod other '

    test('over all pipelines, or for each pipeline, with all its credentials', () => {
      const principal = { ...ANONYMOUS, consumer: 'con_1', keyId: 'key_2' } as const
      for (const [scope, there] of [
        ['environment', 'exceeded'],
        ['pipeline', 'within'],
      ] as const) {
        const limiter = new RateLimiter()
        const planLimits = [aDay(1, scope)]
        expect(limiter.consume(ask({ planLimits }), NOW_MS).kind).toBe('within')
        expect(limiter.consume(ask({ planLimits, principal }), NOW_MS).kind).toBe('exceeded')
        expect(limiter.consume(ask({ planLimits, counterPrefix: other }), NOW_MS).kind).toBe(there)
      }
    })

    test('apart from those of other consumers and organizations', () => {
      const limiter = new RateLimiter()
      const planLimits = [aDay(1), aDay(1, 'pipeline')]
      const principal = { ...ANONYMOUS, consumer: 'con_2', keyId: null }
      expect(limiter.consume(ask({ planLimits }), NOW_MS).kind).toBe('within')
      expect(limiter.consume(ask({ planLimits, principal }), NOW_MS).kind).toBe('within')
      const rival = { organization: 'rival', counterPrefix: 'rival prod orders ' }
      expect(limiter.consume(ask({ planLimits, ...rival }), NOW_MS).kind).toBe('within')
    })

    test('beside all other limits, and under none if one of them refuses the request', () => {
      const limiter = new RateLimiter()
      const pipelineLimits = [{ requests: 1, per: 'day', by: 'consumer' }] as const
      const question = ask({ pipelineLimits, keyLimits: pipelineLimits, planLimits: [aDay(2)] })
      expect(limiter.consume(question, NOW_MS).budgets).toMatchObject([
        { of: 'pipeline', remaining: 0 },
        { of: 'key', remaining: 0 },
        { of: 'plan', remaining: 1 },
      ])
      for (let refused = 0; refused < 5; refused += 1) {
        expect(limiter.consume(question, NOW_MS)).toMatchObject({
          kind: 'exceeded',
          budgets: [{}, {}, { of: 'plan', remaining: 1 }],
        })
      }
      const elsewhere = ask({ planLimits: [aDay(2)], counterPrefix: other })
      expect(limiter.consume(elsewhere, NOW_MS).kind).toBe('within')
      expect(limiter.consume(elsewhere, NOW_MS)).toMatchObject({ kind: 'exceeded', retryAfterMs: 43_200_000 })
    })

    test('on, when the plan is edited or replaced by another one', () => {
      const limiter = new RateLimiter()
      for (let used = 0; used < 3; used += 1) limiter.consume(ask({ planLimits: [aDay(5)] }), NOW_MS)
      expect(limiter.consume(ask({ planLimits: [aDay(2)] }), NOW_MS).kind).toBe('exceeded')
      expect(limiter.consume(ask({ planLimits: [aDay(1, 'pipeline'), aDay(3)] }), NOW_MS).kind).toBe(
        'exceeded',
      )
      expect(limiter.consume(ask({ planLimits: [aDay(100)] }), NOW_MS).budgets).toMatchObject([
        { remaining: 96 },
      ])
    })

    test('without evicting the counters of limits that are not of a plan', () => {
      const limiter = new RateLimiter(limiterMemory({ credentials: 1, plans: 2 }))
      const pipelineLimits = [{ requests: 1, per: 'month', by: 'consumer' }] as const
      expect(limiter.consume(ask({ pipelineLimits }), NOW_MS).kind).toBe('within')
      for (let pipeline = 0; pipeline < 10; pipeline += 1) {
        const counterPrefix = `acme prod ${pipeline} `
        limiter.consume(ask({ planLimits: [aDay(1, 'pipeline')], counterPrefix }), NOW_MS)
      }
      expect(limiter.size).toBe(3)
      expect(limiter.consume(ask({ pipelineLimits }), NOW_MS).kind).toBe('exceeded')
    })
  })

  describe('keeps its counter when the limit is edited', () => {
    const aMonth = (requests: number, by: RateLimit['by'] = 'consumer'): RateLimit => ({
      requests,
      per: 'month',
      by,
    })
    const aDay: RateLimit = { requests: 100, per: 'day', by: 'consumer' }
    const MONTH_MS = 30 * 86_400_000

    test.each([
      ['to a lower amount', [aMonth(1)]],
      ['by another one before it', [aDay, aMonth(2)]],
      ['by another one of another subject', [aMonth(5, 'credential'), aMonth(2)]],
    ])('%s', (_name, edited) => {
      const limiter = new RateLimiter()
      const before = ask({ pipelineLimits: [aMonth(2)] })
      limiter.consume(before, NOW_MS)
      limiter.consume(before, NOW_MS)
      expect(limiter.consume(ask({ pipelineLimits: edited }), NOW_MS).kind).toBe('exceeded')
    })

    test('to a higher amount, of which what was used is gone', () => {
      const limiter = new RateLimiter()
      limiter.consume(ask({ pipelineLimits: [aMonth(1)] }), NOW_MS)
      expect(limiter.consume(ask({ pipelineLimits: [aMonth(10)] }), NOW_MS).budgets).toMatchObject([
        { remaining: 8 },
      ])
    })

    test('to a lower amount, which is free again after one window', () => {
      const limiter = new RateLimiter()
      for (let used = 0; used < 10; used += 1) limiter.consume(ask({ pipelineLimits: [aMonth(10)] }), NOW_MS)
      const lower = ask({ pipelineLimits: [aMonth(1)] })
      expect(limiter.consume(lower, NOW_MS)).toMatchObject({ kind: 'exceeded', retryAfterMs: MONTH_MS })
      expect(limiter.consume(ask({ pipelineLimits: [aMonth(10)] }), NOW_MS).kind).toBe('exceeded')
      expect(limiter.consume(lower, NOW_MS + MONTH_MS).kind).toBe('within')
    })

    test("of a key, and of a partner's key", () => {
      const limiter = new RateLimiter()
      for (const field of ['keyLimits', 'externalKeyLimits'] as const) {
        limiter.consume(ask({ [field]: [aMonth(2)] }), NOW_MS)
        limiter.consume(ask({ [field]: [aMonth(2)] }), NOW_MS)
        expect(limiter.consume(ask({ [field]: [aDay, aMonth(1)] }), NOW_MS).kind).toBe('exceeded')
      }
    })

    test('but starts one for another window', () => {
      const limiter = new RateLimiter()
      const hour: RateLimit = { requests: 1, per: 'hour', by: 'consumer' }
      limiter.consume(ask({ pipelineLimits: [hour] }), NOW_MS)
      expect(limiter.consume(ask({ pipelineLimits: [aMonth(1)] }), NOW_MS).kind).toBe('within')
    })
  })

  test('keeps the counters of credentials during a flood of anonymous callers', () => {
    const limiter = new RateLimiter(limiterMemory({ credentials: 2, addresses: 2 }))
    const pipelineLimits = [{ requests: 1, per: 'month', by: 'consumer' }] as const
    expect(limiter.consume(ask({ pipelineLimits }), NOW_MS).kind).toBe('within')
    for (let host = 0; host < 100; host += 1) {
      const address = (): string => `192.0.2.${host}`
      limiter.consume(ask({ pipelineLimits, principal: ANONYMOUS, address }), NOW_MS)
    }
    expect(limiter.size).toBe(3)
    expect(limiter.consume(ask({ pipelineLimits }), NOW_MS).kind).toBe('exceeded')
  })

  test.each([
    ['a consumer without a key', { ...ANONYMOUS, consumer: 'con_1' }],
    ['a key without a consumer', { ...ANONYMOUS, keyId: makeKeyId(randomBytes) }],
  ] as const)('counts %s by its name and not by its address', (_, principal) => {
    const limiter = new RateLimiter(limiterMemory({ addresses: 1 }))
    const pipelineLimits = [{ requests: 1, per: 'month', by: 'consumer' }] as const
    const once = (host: number, who: Principal): string =>
      limiter.consume(ask({ pipelineLimits, principal: who, address: () => `192.0.2.${host}` }), NOW_MS).kind
    expect(once(1, principal)).toBe('within')
    expect(once(1, ANONYMOUS)).toBe('within')
    expect(once(2, ANONYMOUS)).toBe('within')
    expect(once(2, principal)).toBe('exceeded')
  })

  test("counts a consumer by its name even if it also has a trusted issuer's token", () => {
    const limiter = new RateLimiter()
    const pipelineLimits = [{ requests: 1, per: 'month', by: 'consumer' }] as const
    const principal = { ...ANONYMOUS, consumer: 'con_1' }
    const withJwt = { ...principal, claims: { iss: 'https://idp.example', sub: 'user-1' } }
    expect(limiter.consume(ask({ pipelineLimits, principal }), NOW_MS).kind).toBe('within')
    expect(limiter.consume(ask({ pipelineLimits, principal: withJwt }), NOW_MS).kind).toBe('exceeded')
  })

  test('evicts the counter of an idle credential before that of a busy one', () => {
    const limiter = new RateLimiter(limiterMemory({ credentials: 2 }))
    const call = (consumer: string): string =>
      limiter.consume(
        ask({
          pipelineLimits: [{ requests: 2, per: 'month', by: 'consumer' }],
          principal: { ...ANONYMOUS, consumer },
        }),
        NOW_MS,
      ).kind
    expect(['con_busy', 'con_idle', 'con_busy'].map(call)).toEqual(['within', 'within', 'within'])
    expect(call('con_new')).toBe('within')
    expect(limiter.size).toBe(2)
    expect(call('con_busy')).toBe('exceeded')
  })

  test('evicts the least recently used counter', () => {
    const limiter = new RateLimiter(limiterMemory({ credentials: 2, addresses: 2 }))
    const once = (address: string): string =>
      limiter.consume(
        ask({
          pipelineLimits: [{ requests: 1, per: 'month', by: 'consumer' }],
          principal: ANONYMOUS,
          address: () => address,
        }),
        NOW_MS,
      ).kind
    expect(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map(once)).toEqual(['within', 'within', 'within'])
    expect(limiter.size).toBe(2)
    expect(once('192.0.2.3')).toBe('exceeded')
    expect(once('192.0.2.1')).toBe('within')
  })
})

test('100,000 callers are all counted', () => {
  const limiter = new RateLimiter()
  const pipelineLimits = [{ requests: 1, per: 'month', by: 'consumer' }] as const
  const callers = Array.from({ length: 100_000 }, (_, number) => `con_${number}`)
  const refused = (): number =>
    callers.filter(
      (consumer) =>
        limiter.consume(ask({ pipelineLimits, principal: { ...ANONYMOUS, consumer } }), NOW_MS).kind ===
        'exceeded',
    ).length
  expect(refused()).toBe(0)
  expect(refused()).toBe(100_000)
})

/** The next message of a thread. */
async function messageOf(thread: Worker): Promise<unknown> {
  return await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject))
}

describe('threads that use the same memory', () => {
  test('admit no more when one of them has read the clock before another one counted', () => {
    const memory = limiterMemory()
    const [one, other] = [new RateLimiter(memory), new RateLimiter(memory)]
    const request = ask({ pipelineLimits: [{ requests: 10, per: 'second', by: 'consumer' }] })
    const within = Array.from({ length: 20 }, () => [
      one.consume(request, NOW_MS),
      other.consume(request, NOW_MS - 500),
    ])
      .flat()
      .filter(({ kind }) => kind === 'within')
    expect(within).toHaveLength(10)
  })

  test('admit together what the limit admits, and neither more nor less', async () => {
    const memory = limiterMemory()
    const { address, ...request } = ask({
      pipelineLimits: [{ requests: 5_000, per: 'month', by: 'consumer' }],
      planLimits: [{ requests: 8_000, per: 'month', scope: 'environment' }],
    })
    const data: LimiterThreadData = { memory, request, times: 4_000, nowMs: NOW_MS }
    const threads = [0, 1, 2].map(
      () => new Worker(new URL('./testing/limiter-thread.ts', import.meta.url), { workerData: data }),
    )
    try {
      await Promise.all(threads.map(async (thread) => await messageOf(thread)))
      const counts = threads.map(async (thread) => {
        const counted = messageOf(thread)
        thread.postMessage('go')
        return Number(await counted)
      })
      const within = await Promise.all(counts)
      expect(within.reduce((sum, count) => sum + count, 0)).toBe(5_000)
      expect(new RateLimiter(memory).consume({ ...request, address }, NOW_MS).kind).toBe('exceeded')
    } finally {
      await Promise.all(threads.map(async (thread) => await thread.terminate()))
    }
  })
})

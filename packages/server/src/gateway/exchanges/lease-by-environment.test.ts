import type { EnvironmentRecord, FeedRecord, Step, WhenStale } from '@sallyport/core'
import { afterAll, afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../../../../../test/support/eventually.ts'
import {
  EXCHANGE_KINDS,
  expectGoesOn,
  openExchange,
  type ExchangeKind,
  type LastingExchange,
} from '../../../../../test/support/lasting-exchange.ts'
import { LastingUpstream } from '../../../../../test/support/lasting-upstream.ts'
import { ACME, deployment, makeKey, proxyTo, startWith } from '../testing/started-gateway.ts'
import { callTo } from '../testing/step-fixtures.ts'
import { LeaseGates } from './lease-gates.ts'

const upstream = await LastingUpstream.start()
const key = makeKey()

let isOver = false
/** How often the gateway has asked since the lease ended. */
let asked = 0
const lease = {
  end(): void {
    isOver = true
    asked = 0
  },
  renew(): void {
    isOver = false
  },
}

function prod(whenStale: WhenStale): EnvironmentRecord {
  const record = { kind: 'environment', organization: 'acme', name: 'prod' } as const
  return whenStale === 'serve' ? record : { ...record, whenStale }
}

function pipelineOf(kind: ExchangeKind): FeedRecord {
  const url = `${upstream.url}/${kind}`
  const step = kind === 'run' ? callTo(url) : proxyTo(url)
  return deployment({ paths: [`/${kind}`] }, step, { pipeline: kind, id: kind })
}

/** A gateway that gets its changes by a stream. */
const gateway = await startWith([...ACME, key.record, ...EXCHANGE_KINDS.map((kind) => pipelineOf(kind))], {
  isStreamLeaseOver: () => {
    asked += 1
    return isOver
  },
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

const opened: AsyncDisposable[] = []
afterEach(async () => {
  lease.renew()
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})

async function open(kind: ExchangeKind): Promise<LastingExchange> {
  const headers = `X-Api-Key: ${key.token}\r\n`
  const exchange = await openExchange(kind, gateway.gateway.port, upstream, headers)
  opened.push(exchange.caller)
  return exchange
}

/** Both ends of an exchange, as they are now. */
const received = ({ caller, upstream: far }: LastingExchange): unknown => [caller.text, far.received()]

const untilAsked = async (times: number): Promise<void> =>
  await eventually(() => expect(asked).toBeGreaterThanOrEqual(times))

describe('While the lease of a stream is over', () => {
  test.each(EXCHANGE_KINDS)('an open exchange (%s) of an environment that serves goes on', async (kind) => {
    gateway.apply([prod('serve')])
    const exchange = await open(kind)
    lease.end()
    await expectGoesOn(exchange)
    expect(isOver).toBe(true)
  })

  test.each(EXCHANGE_KINDS)(
    'bytes (%s) of an environment that refuses wait for its renewal',
    async (kind) => {
      gateway.apply([prod('refuse')])
      const exchange = await open(kind)
      const before = received(exchange)
      lease.end()
      const goingOn = expectGoesOn(exchange)
      await untilAsked(3)
      expect(received(exchange)).toEqual(before)
      lease.renew()
      await goingOn
    },
  )

  test('an exchange that began while its environment served waits when that refuses', async () => {
    gateway.apply([prod('serve')])
    const exchange = await open('ws')
    gateway.apply([prod('refuse')])
    const before = received(exchange)
    lease.end()
    const goingOn = expectGoesOn(exchange)
    await untilAsked(3)
    expect(received(exchange)).toEqual(before)
    // The gate asks by the current snapshot, and opens without a renewal.
    gateway.apply([prod('serve')])
    await goingOn
    expect(isOver).toBe(true)
  })

  test.each([
    ['serve', /^HTTP\/1.1 200 [^]*\{"steps":2\}/],
    ['refuse', /^HTTP\/1.1 503 [^]*snapshot_stale/],
  ] as const)('the next step of a run is for the environment to say: %s', async (whenStale, expected) => {
    const twice: readonly Step[] = [
      callTo(`${upstream.url}/run`),
      { kind: 'respond', status: 200, headers: {}, body: { steps: 2 } },
    ]
    gateway.apply([
      prod(whenStale),
      deployment({ paths: ['/run'], timeoutMs: 3_000 }, twice, { pipeline: 'run', id: 'run' }),
    ])
    const exchange = await open('run')
    lease.end()
    exchange.upstream.response?.end('{}')
    await exchange.caller.until(expected)
  })
})

describe('The gates of environments', () => {
  test('open each on its own, and ask about no other', async () => {
    const deciding = new Set<string>()
    const asks: string[] = []
    using gates = new LeaseGates((organization, environment) => {
      asks.push(`${organization} ${environment}`)
      return deciding.has(`${organization} ${environment}`)
    })
    const resumed: string[] = []
    const wait = (organization: string, environment: string): void =>
      gates.whenOpen(
        organization,
        environment,
        () => resumed.push(`${organization} ${environment}`),
        () => undefined,
      )
    wait('acme', 'prod')
    wait('acme', 'test')
    wait('partner', 'prod')
    wait('acme', 'prod')
    deciding.add('acme prod')
    await eventually(() => expect(resumed).toEqual(['acme prod', 'acme prod']))
    expect(gates.isOpen('acme', 'prod')).toBe(true)
    expect(gates.isOpen('acme', 'test')).toBe(false)
    deciding.add('partner prod')
    await eventually(() => expect(resumed).toEqual(['acme prod', 'acme prod', 'partner prod']))
    // A gate whose exchanges have gone on asks no more, and serves the next ones.
    asks.length = 0
    await eventually(() => expect(asks.length).toBeGreaterThan(3))
    expect(new Set(asks)).toEqual(new Set(['acme test']))
    wait('acme', 'prod')
    await eventually(() => expect(resumed).toHaveLength(4))
  })

  test('resume nothing after they are disposed of', async () => {
    let isOpen = false
    const resumed: string[] = []
    const gates = new LeaseGates(() => isOpen)
    for (const name of ['test', 'prod']) {
      gates.whenOpen(
        'acme',
        name,
        () => resumed.push(name),
        () => undefined,
      )
    }
    gates[Symbol.dispose]()
    isOpen = true
    using others = new LeaseGates(() => isOpen)
    await new Promise<void>((resume) => {
      others.whenOpen('acme', 'test', resume, () => undefined)
    })
    expect(resumed).toEqual([])
  })
})

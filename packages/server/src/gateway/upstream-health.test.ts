import {
  BALANCE_DEFAULT,
  type DeploymentRecord,
  type FeedRecord,
  type HealthCheck,
  type UpstreamTarget,
} from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test/support/eventually.ts'
import { balancedDeployment, gatewayTo, target } from './testing/balanced-gateway.ts'
import { FaultyUpstream } from './testing/faulty-upstream.ts'
import { callTo, pipeline } from './testing/step-fixtures.ts'
import { ACME, startWith, type StartedGateway } from './testing/started-gateway.ts'
import type { HealthClock } from './balance/health-clock.ts'

/** Lets a test say when checks happen. */
class ManualClock implements HealthClock {
  readonly waits = new Map<() => void, number>()
  readonly random = (): number => 0.5
  readonly after = (waitMs: number, callback: () => void): (() => void) => {
    this.waits.set(callback, waitMs)
    return () => this.waits.delete(callback)
  }

  /** Begins every check that waits, and waits until this many wait again. */
  async round(count = this.waits.size): Promise<void> {
    const due = [...this.waits.keys()]
    this.waits.clear()
    for (const callback of due) callback()
    await eventually(() => expect(this.waits.size).toBe(count))
  }
}

const HEALTH: HealthCheck = {
  path: '/health?full=1',
  intervalMs: 10_000,
  timeoutMs: 1000,
  healthyAfter: 2,
  unhealthyAfter: 2,
  statuses: null,
}

async function checkedGateway(
  targets: readonly UpstreamTarget[],
  clock: HealthClock,
  health: Partial<HealthCheck> = {},
): Promise<StartedGateway> {
  return await gatewayTo(
    targets,
    { balance: { health: { ...HEALTH, ...health } } },
    { healthClock: clock, monotonicMs: () => 0 },
  )
}

async function ask({ url }: StartedGateway): Promise<string> {
  const response = await fetch(`${url}/acme/prod/orders`, { headers: { 'x-test-id': '1' } })
  return response.status === 200 ? await response.text() : String(response.status)
}

async function askTimes(started: StartedGateway, times: number): Promise<ReadonlySet<string>> {
  const texts = new Set<string>()
  for (let count = 0; count < times; count += 1) texts.add(await ask(started))
  return texts
}

async function healthOf(started: StartedGateway): Promise<string[]> {
  const lines = (await started.registry.metrics()).split('\n')
  return lines
    .filter((line) => line.startsWith('sallyport_upstream_healthy{'))
    .map((line) => line.replace(/.*step="(.*)",target="(.*)"\} /, '$1 $2 '))
}

describe('Health checks', () => {
  test('keep requests from a target that fails them, until it passes them again', async () => {
    await using one = await FaultyUpstream.start()
    await using two = await FaultyUpstream.start()
    const clock = new ManualClock()
    await using started = await checkedGateway([target(one.origin), target(two.origin)], clock)
    // The first check is within a second, and the next ones are an interval and some chance later.
    expect([...clock.waits.values()]).toEqual([500, 500])
    await clock.round()
    expect([...clock.waits.values()]).toEqual([10_500, 10_500])
    expect([one.total, two.total]).toEqual([1, 1])
    expect(one.heads).toEqual([expect.stringMatching(/^GET \/health\?full=1 HTTP\/1.1\r\n/)])
    expect(one.heads.join().toLowerCase()).not.toMatch(/x-sallyport|authorization|x-api-key/)
    two.behaviour = 'unavailable'
    await clock.round()
    // One failure is not enough.
    expect(await healthOf(started)).toEqual([`proxy ${one.origin} 1`, `proxy ${two.origin} 1`])
    await clock.round()
    expect(await healthOf(started)).toEqual([`proxy ${one.origin} 1`, `proxy ${two.origin} 0`])
    two.behaviour = 'answer'
    expect(await askTimes(started, 4)).toEqual(new Set([one.origin]))
    await clock.round()
    expect(await askTimes(started, 4)).toEqual(new Set([one.origin]))
    await clock.round()
    expect(await askTimes(started, 4)).toEqual(new Set([one.origin, two.origin]))
    const changes = started.log.filter((line) => line.includes('health checks'))
    expect(changes).toHaveLength(2)
    expect(changes.join()).toContain(two.origin)
  })

  test('never leave a request without a target', async () => {
    await using one = await FaultyUpstream.start('unavailable')
    await using two = await FaultyUpstream.start('unavailable')
    const clock = new ManualClock()
    await using started = await checkedGateway([target(one.origin), target(two.origin)], clock)
    await clock.round()
    await clock.round()
    one.behaviour = 'answer'
    two.behaviour = 'answer'
    expect(await askTimes(started, 4)).toEqual(new Set([one.origin, two.origin]))
  })

  test.each([
    ['hangs', 'hang'],
    ['hangs after its headers', 'hang-after-headers'],
    ['answers garbage', 'garbage'],
    ['is reset', 'reset'],
  ] as const)('fail if the target %s', async (_, behaviour) => {
    await using one = await FaultyUpstream.start(behaviour)
    const clock = new ManualClock()
    await using started = await checkedGateway([target(one.origin)], clock, {
      timeoutMs: 50,
      unhealthyAfter: 1,
    })
    await clock.round()
    expect(await healthOf(started)).toEqual([`proxy ${one.origin} 0`])
  })

  test('pass with the statuses that are listed', async () => {
    await using one = await FaultyUpstream.start('unavailable')
    const clock = new ManualClock()
    const rules = { unhealthyAfter: 1, statuses: [503] }
    await using started = await checkedGateway([target(one.origin)], clock, rules)
    await clock.round()
    expect(await healthOf(started)).toEqual([`proxy ${one.origin} 1`])
    one.behaviour = 'answer'
    await clock.round()
    expect(await healthOf(started)).toEqual([`proxy ${one.origin} 0`])
  })

  test('do not reach addresses that may not be called', async () => {
    await using one = await FaultyUpstream.start()
    const clock = new ManualClock()
    await using started = await gatewayTo(
      [target(one.origin)],
      { balance: { health: { ...HEALTH, unhealthyAfter: 1 } } },
      { healthClock: clock, config: { upstreamAllow: [] } },
    )
    await clock.round()
    expect(one.total).toBe(0)
    expect(await healthOf(started)).toEqual([`proxy ${one.origin} 0`])
  })
})

describe('Checks are those of the live deployments', () => {
  const variable = (name: string, value: string): FeedRecord => ({
    kind: 'environment-variable',
    organization: 'acme',
    environment: 'prod',
    id: `var_${name}`,
    name,
    value,
  })

  function checked(targets: readonly UpstreamTarget[], version = '1.0'): DeploymentRecord {
    return {
      ...balancedDeployment(targets, { balance: { health: HEALTH } }),
      id: `orders-${version}`,
      version,
    }
  }

  test('also after another deployment, with what they have found', async () => {
    await using one = await FaultyUpstream.start('unavailable')
    await using two = await FaultyUpstream.start()
    const clock = new ManualClock()
    const targets = [target(one.origin), target(two.origin)]
    const first = checked(targets)
    await using started = await startWith([...ACME, first], { healthClock: clock })
    await clock.round()
    await clock.round()
    const removed = { kind: 'removed', of: 'deployment', organization: 'acme', id: first.id } as const
    started.apply([removed, checked([target(one.origin, { weight: 2 }), target(two.origin)], '1.1')])
    expect(clock.waits.size).toBe(2)
    expect(await healthOf(started)).toEqual([`proxy ${one.origin} 0`, `proxy ${two.origin} 1`])
    one.behaviour = 'answer'
    expect(await askTimes(started, 4)).toEqual(new Set([two.origin]))
    // They end with the last deployment, also one that is in progress.
    two.behaviour = 'hang'
    const before = two.total
    await clock.round(1)
    await eventually(() => expect(two.total).toBe(before + 1))
    started.apply([{ ...removed, id: 'orders-1.1' }])
    await eventually(() => expect([clock.waits.size, one.open, two.open]).toEqual([0, 0, 0]))
    expect(await healthOf(started)).toEqual([])
  })

  test('once for the same target of several steps, and by the variables of the moment', async () => {
    await using one = await FaultyUpstream.start()
    await using two = await FaultyUpstream.start()
    const clock = new ManualClock()
    const host = ({ origin }: FaultyUpstream): string => origin.slice('http://'.length)
    const targets = [target('http://{vars.HOST}')]
    const call = callTo('http://{vars.HOST}/', { targets, balance: { ...BALANCE_DEFAULT, health: HEALTH } })
    const records = [...ACME, checked(targets), pipeline('calls', [call, call])]
    await using started = await startWith([...records, variable('HOST', host(one))], { healthClock: clock })
    await clock.round(1)
    expect([one.total, two.total]).toEqual([1, 0])
    started.apply([variable('HOST', host(two))])
    await clock.round(1)
    expect([one.total, two.total]).toEqual([1, 1])
    expect((await healthOf(started)).toSorted((a, b) => a.localeCompare(b))).toEqual([
      `/steps/0/call ${two.origin} 1`,
      `/steps/1/call ${two.origin} 1`,
      `proxy ${two.origin} 1`,
    ])
    // A variable that cannot be used leaves nothing to check.
    started.apply([variable('HOST', 'no host')])
    expect(clock.waits.size).toBe(0)
    started.apply([variable('HOST', host(one))])
    expect(clock.waits.size).toBe(1)
    await started.load(ACME)
    expect(clock.waits.size).toBe(0)
  })

  test('up to a limit that organizations share', async () => {
    const clock = new ManualClock()
    const other: FeedRecord[] = [
      { kind: 'organization', slug: 'other' },
      { kind: 'environment', organization: 'other', name: 'prod' },
    ]
    const many = Array.from({ length: 60 }, (_, index) => ({
      ...checked(Array.from({ length: 16 }, (__, port) => target(`http://10.0.${index}.${port}`))),
      id: `many-${index}`,
      pipeline: `many-${index}`,
    }))
    await using started = await startWith([...ACME, ...other, ...many], { healthClock: clock })
    const taken = clock.waits.size
    expect(taken).toBeLessThan(400)
    expect(started.log.filter((line) => line.includes('too many health checks'))).toHaveLength(1)
    started.apply([{ ...checked([target('http://10.1.1.1')]), organization: 'other' }])
    expect(clock.waits.size).toBe(taken + 1)
    await started.gateway.close(0)
    expect(clock.waits.size).toBe(0)
  })
})

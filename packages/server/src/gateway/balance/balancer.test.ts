import { BALANCE_DEFAULT, type DeploymentRecord } from '@sallyport/core'
import { expect, test } from 'vitest'
import { deployment } from '../testing/started-gateway.ts'
import { Balancer } from './balancer.ts'
import { Balancers } from './balancers.ts'
import type { BalancedRequest, BalancedTarget, Balancing } from './balancing.ts'
import type { Target } from './target.ts'

const OWNER = { organization: 'acme', environment: 'prod' }

function target(origin: string, fields: Partial<BalancedTarget> = {}): BalancedTarget {
  return { origin, weight: 1, when: null, isBackup: false, ...fields }
}

function balancing(targets: readonly BalancedTarget[], fields: Partial<Balancing> = {}): Balancing {
  return {
    ...BALANCE_DEFAULT,
    retryMethods: new Set(BALANCE_DEFAULT.retryMethods),
    place: 'proxy',
    health: null,
    tls: null,
    connectTimeoutMs: null,
    firstByteTimeoutMs: null,
    targets,
    ...fields,
  }
}

function from(caller: string, consumer: string | null = null): BalancedRequest {
  return { method: 'GET', headers: new Map<string, string>(), consumer, caller: () => caller }
}

const NONE: ReadonlySet<Target> = new Set()

function fail(balancer: Balancer, origin: string, times: number): void {
  const found = balancer.target(origin)
  for (let count = 0; count < times; count += 1) {
    found?.begin(false)
    if (found !== undefined) balancer.endAttempt(found, 'failed')
  }
}

test('Callers are shared by weight, and stay where they are when another target fails', () => {
  const rules = balancing([target('a', { weight: 8 }), target('b'), target('c')], { by: 'caller' })
  const balancer = new Balancer(
    rules,
    undefined,
    OWNER,
    () => true,
    () => 0,
  )
  const choose = () =>
    Array.from({ length: 2000 }, (_, caller) => balancer.choose(from(`c${caller}`), NONE)?.origin)
  const before = choose()
  const counts = ['a', 'b', 'c'].map((origin) => before.filter((chosen) => chosen === origin).length)
  expect(counts[0]).toBeGreaterThan(1500)
  expect(Math.min(...counts)).toBeGreaterThan(120)
  expect(choose()).toEqual(before)
  fail(balancer, 'c', 5)
  const after = choose()
  expect(after).not.toContain('c')
  expect(before.filter((origin, index) => origin !== 'c' && origin !== after[index])).toEqual([])
})

test('If no target is available, all of them are used', () => {
  const balancer = new Balancer(
    balancing([target('a'), target('b')]),
    undefined,
    OWNER,
    () => true,
    () => 0,
  )
  fail(balancer, 'a', 5)
  expect(balancer.choose(from('x'), NONE)?.origin).toBe('b')
  fail(balancer, 'b', 5)
  const chosen = Array.from({ length: 4 }, () => balancer.choose(from('x'), NONE)?.origin)
  expect(chosen).toEqual(['a', 'b', 'a', 'b'])
})

test('A target for some consumers is for no other one, even if nothing else is left', () => {
  const when = { headers: {}, consumers: ['shop'] }
  const balancer = new Balancer(
    balancing([target('a'), target('b', { when })]),
    undefined,
    OWNER,
    () => true,
    () => 0,
  )
  expect(balancer.choose(from('x', 'shop'), NONE)?.origin).toBe('b')
  fail(balancer, 'a', 5)
  for (const consumer of ['other', null]) expect(balancer.choose(from('x', consumer), NONE)?.origin).toBe('a')
  const [a] = balancer.targets
  expect(balancer.choose(from('x'), new Set(a === undefined ? [] : [a]))).toBeUndefined()
})

test('Retries are at most a fifth of the requests in progress, or three', () => {
  const balancer = new Balancer(
    balancing([target('a'), target('b')]),
    undefined,
    OWNER,
    () => true,
    () => 0,
  )
  const begin = (count: number) => Array.from({ length: count }, () => balancer.beginRetry())
  expect(begin(4)).toEqual([true, true, true, false])
  for (let count = 0; count < 25; count += 1) balancer.beginRequest()
  expect(begin(3)).toEqual([true, true, false])
  balancer.endRetry()
  expect(begin(2)).toEqual([true, false])
})

test('What is known about a target outlives a deployment, and ends with its pipeline', () => {
  const balancers = new Balancers(
    () => true,
    () => 0,
  )
  const record = (version: string): DeploymentRecord => deployment({}, [], { version })
  const first = balancers.of(balancing([target('a'), target('b')]), record('1.0'))
  fail(first, 'a', 5)
  const second = balancers.of(balancing([target('a'), target('c')]), record('1.1'))
  expect(second.choose(from('x'), NONE)?.origin).toBe('c')
  expect(second.targets[0]).toBe(first.targets[0])
  const other = balancers.of(balancing([target('a'), target('c')]), record('2.0'))
  expect(other.targets[0]?.failures).toBe(0)
  expect([...balancers.states()].map((state) => [state.major, state.target, state.isEjected])).toEqual([
    ['1', 'a', true],
    ['1', 'c', false],
    ['2', 'a', false],
    ['2', 'c', false],
  ])
  balancers.prune(({ version }) => version.startsWith('2'))
  expect([...balancers.states()].map(({ major }) => major)).toEqual(['2', '2'])
})

import { expect, test } from 'vitest'
import { EnvironmentHosts } from './environment-hosts.ts'
import { HOST_PATTERN_LABELS_MAX, HostKeys } from './host-keys.ts'

const PROD = { organization: 'acme', environment: 'prod' }
const TEST = { organization: 'acme', environment: 'test' }
const RIVAL = { organization: 'rival', environment: 'prod' }
const hosts = new EnvironmentHosts(
  new Map([
    ['api.example.com', PROD],
    ['*.example.com', TEST],
    ['*.eu.example.com', PROD],
    ['own.eu.example.com', RIVAL],
  ]),
)

test.each([
  ['api.example.com', PROD],
  ['a.api.example.com', TEST],
  ['eu.example.com', TEST],
  ['a.eu.example.com', PROD],
  ['a.b.c.eu.example.com', PROD],
  ['own.eu.example.com', RIVAL],
  ['a.own.eu.example.com', PROD],
  ['*.eu.example.com', PROD],
  ['*.a.eu.example.com', PROD],
  ['*.api.example.com', TEST],
  ['example.com', undefined],
  ['aexample.com', undefined],
  ['.example.com', undefined],
  ['com', undefined],
  ['', undefined],
  ['*', undefined],
  ['*.com', undefined],
])('%s belongs to the environment of the longest pattern', (host, environment) => {
  expect(hosts.environmentOf(host)).toEqual(environment)
})

test('a pattern is served where some host below it is', () => {
  expect(hosts.isServed('*.example.com', PROD)).toBe(true)
  expect(hosts.isServed('*.example.com', RIVAL)).toBe(true)
  expect(hosts.isServed('*.own.eu.example.com', RIVAL)).toBe(false)
  expect(hosts.isServed('*.own.eu.example.com', PROD)).toBe(true)
  expect(hosts.isServed('own.eu.example.com', PROD)).toBe(false)
  expect(hosts.isServed('*.ple.com', PROD)).toBe(false)
})

test('the hosts of an environment have the order of the settings', () => {
  expect(hosts.hostsOf(PROD)).toEqual(['api.example.com', '*.eu.example.com'])
  expect(hosts.hostsOf({ organization: 'rival', environment: 'test' })).toEqual([])
  expect([hosts.isEmpty, new EnvironmentHosts(new Map()).isEmpty]).toEqual([false, true])
})

test('a lookup asks for the host and for one pattern of each length, however long the host is', () => {
  const labels = Array.from({ length: 126 }, () => 'a')
  const patterns = Array.from(
    { length: HOST_PATTERN_LABELS_MAX },
    (_, index) => `*.${labels.slice(0, index + 1).join('.')}`,
  )
  const host = labels.join('.')
  const asked: string[] = []
  class Counted extends Map<string, number> {
    override has(key: string): boolean {
      asked.push(key)
      return super.has(key)
    }
  }
  const keys = new HostKeys(new Counted([host, ...patterns].map((key, index) => [key, index])))
  expect(keys.keysOf(host)).toEqual([host, ...patterns.toReversed()])
  expect(asked).toHaveLength(HOST_PATTERN_LABELS_MAX + 1)
})

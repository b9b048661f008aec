import { Snapshot } from '@sallyport/core'
import { expect, test } from 'vitest'
import { ACME } from '../testing/started-gateway.ts'
import { HostMap } from './host-map.ts'

const snapshot = await Snapshot.load(
  1,
  (async function* () {
    yield ACME
  })(),
)
const hosts = new HostMap(
  new Map([
    ['api.example.com', { organization: 'acme', environment: 'prod' }],
    ['*.shops.example.com', { organization: 'acme', environment: 'prod' }],
    ['*.test.shops.example.com', { organization: 'acme', environment: 'test' }],
    ['own.shops.example.com', { organization: 'acme', environment: 'test' }],
    ['2001:db8::1', { organization: 'acme', environment: 'test' }],
    ['192.0.2.7', { organization: 'acme', environment: 'test' }],
  ]),
)

test.each([
  ['api.example.com', '/acme/test/x', 'prod', '/acme/test/x'],
  ['API.EXAMPLE.COM:8080', '/', 'prod', '/'],
  ['api.example.com.', '/x', 'prod', '/x'],
  ['other.example.com', '/acme/test/x/y', 'test', '/x/y'],
  ['other.example.com', '/acme/test', 'test', '/'],
  ['other.example.com', '/acme/test/', 'test', '/'],
  ['[::1]:80', '/acme/prod/x', 'prod', '/x'],
  [undefined, '/acme/prod/x', 'prod', '/x'],
  ['api.example.com.evil', '/x/y/z', undefined, '/z'],
  ['other', '/', undefined, '/'],
  ['other', '/acme', undefined, '/'],
  ['other', '//acme/prod/x', undefined, '/prod/x'],
  ['other', '/ACME/prod/x', undefined, '/x'],
  ['other', '/acme/%70rod/x', undefined, '/x'],
])('%s %s', (host, path, environment, rest) => {
  const located = hosts.locate(snapshot, host, path)
  expect([located.environment?.name, located.path]).toEqual([environment, rest])
})

test.each([
  ['a.shops.example.com', 'prod', 'a.shops.example.com'],
  ['a.b.SHOPS.example.com:443', 'prod', 'a.b.shops.example.com'],
  ['shops.example.com', undefined, null],
  ['ashops.example.com', undefined, null],
  ['a.test.shops.example.com', 'test', 'a.test.shops.example.com'],
  ['test.shops.example.com', 'prod', 'test.shops.example.com'],
  ['own.shops.example.com', 'test', 'own.shops.example.com'],
  ['a.own.shops.example.com', 'prod', 'a.own.shops.example.com'],
  ['[2001:DB8:0:0::1]:8081', 'test', '2001:db8::1'],
  ['192.0.2.7:80', 'test', '192.0.2.7'],
  ['*.shops.example.com', undefined, null],
  ['a@shops.example.com', undefined, null],
  ['me@a.shops.example.com', undefined, null],
  ['a.shops.example.com..', undefined, null],
  ['a..shops.example.com', undefined, null],
  ['..shops.example.com', undefined, null],
  ['.shops.example.com:80', undefined, null],
  ['a_-.shops.example.com.:80', 'prod', 'a_-.shops.example.com'],
  ['a.shops.example.com,b', undefined, null],
  ['', undefined, null],
])('%s belongs to %s', (host, environment, name) => {
  const located = hosts.locate(snapshot, host, '/x')
  expect([located.environment?.name, located.host]).toEqual([environment, name])
})

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
const hosts = new HostMap(new Map([['API.example.com', { organization: 'acme', environment: 'prod' }]]))

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

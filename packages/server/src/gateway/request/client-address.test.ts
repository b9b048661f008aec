import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { AddressSet } from '../../address/address-set.ts'
import { peerAddress, TrustedProxies } from './client-address.ts'

/** A request received on a connection from `peer`. */
function requestFrom(peer: string | undefined, forwarded?: string): IncomingMessage {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: peer })
  const request = new IncomingMessage(socket)
  if (forwarded !== undefined) request.headers['x-forwarded-for'] = forwarded
  return request
}

const PROXIES = ['10.0.0.0/8', '2001:db8::/64']

describe('The client of a request', () => {
  test.each([
    ['an untrusted peer is the client', PROXIES, '192.0.2.1', '198.51.100.9', '192.0.2.1'],
    ['no proxy is trusted by default', [], '127.0.0.1', '198.51.100.9', '127.0.0.1'],
    ['a trusted peer without the header', PROXIES, '10.0.0.1', undefined, '10.0.0.1'],
    ['a trusted peer names its client', PROXIES, '10.0.0.1', '198.51.100.9', '198.51.100.9'],
    ['entries further left are ignored', PROXIES, '10.0.0.1', '203.0.113.5, 198.51.100.9', '198.51.100.9'],
    ['trusted proxies are skipped', PROXIES, '10.0.0.1', '198.51.100.9, 10.0.0.2,10.0.0.3', '198.51.100.9'],
    ['all trusted: the first one', PROXIES, '10.0.0.1', '10.0.0.9, 10.0.0.2', '10.0.0.9'],
    ['an invalid entry ends the search', PROXIES, '10.0.0.1', '198.51.100.9, unknown, 10.0.0.2', '10.0.0.2'],
    ['an empty entry ends the search', PROXIES, '10.0.0.1', '198.51.100.9,', '10.0.0.1'],
    ['with a port', PROXIES, '10.0.0.1', '198.51.100.9:4711', '198.51.100.9'],
    ['IPv6 with a port', PROXIES, '10.0.0.1', '[2001:db9::1]:4711', '2001:db9::1'],
    ['IPv6', PROXIES, '2001:db8::1', '2001:db9::1', '2001:db9::1'],
    ['IPv6 in brackets', PROXIES, '10.0.0.1', '[2001:db9::1]', '2001:db9::1'],
    ['IPv4-mapped IPv6', PROXIES, '::ffff:10.0.0.1', '::ffff:198.51.100.9', '198.51.100.9'],
    ['an untrusted peer in IPv4-mapped form', PROXIES, '::ffff:192.0.2.1', '198.51.100.9', '192.0.2.1'],
    ['an IPv6 peer that is not IPv4-mapped', PROXIES, '::ffff:0:7f00:1', undefined, '::ffff:0:7f00:1'],
    ['a closed connection has no address', PROXIES, undefined, '198.51.100.9', ''],
  ])('%s', (_, proxies, peer, forwarded, client) => {
    const trusted = new TrustedProxies(new AddressSet(proxies))
    expect(trusted.clientAddress(requestFrom(peer, forwarded))).toBe(client)
  })

  test.each([
    '[2001:db9::1',
    '[2001:db9::1]x',
    'x[2001:db9::1]:1',
    '[]:4711',
    '198.51.100.9:',
    '198.51.100.9:x',
    '198.51.100.9:1:2',
    ':4711',
    '2001:db9::1:4711:x',
    '198.51.100',
    '',
  ])('is not read from the malformed entry "%s", nor from entries left of it', (entry) => {
    const trusted = new TrustedProxies(new AddressSet(PROXIES))
    const request = requestFrom('10.0.0.1', `198.51.100.9, ${entry}, 10.0.0.2`)
    expect(trusted.clientAddress(request)).toBe('10.0.0.2')
  })

  test('is found behind 31 trusted proxies, and not behind 32, however long the header is', () => {
    const trusted = new TrustedProxies(new AddressSet(PROXIES))
    const behind = (count: number): string =>
      trusted.clientAddress(
        requestFrom(
          '10.0.0.1',
          ['198.51.100.9', ...Array.from({ length: count }, (_, index) => `10.0.1.${index}`)].join(),
        ),
      )
    expect(behind(31)).toBe('198.51.100.9')
    expect(behind(32)).toBe('10.0.1.0')
    expect(behind(100)).toBe('10.0.1.68')
  })
})

describe('A trusted proxy', () => {
  test.each([
    [PROXIES, '10.0.0.1', true],
    [PROXIES, '::ffff:10.0.0.1', true],
    [PROXIES, '2001:db8::1', true],
    [PROXIES, '192.0.2.1', false],
    [PROXIES, undefined, false],
    [[], '127.0.0.1', false],
    [[], undefined, false],
  ])('of %j sent a request from %s: %s', (proxies, peer, isTrusted) => {
    expect(new TrustedProxies(new AddressSet(proxies)).sent(requestFrom(peer))).toBe(isTrusted)
  })
})

test('The peer of a request is the other end of its connection, whatever its headers say', () => {
  expect(peerAddress(requestFrom('::ffff:192.0.2.1', '198.51.100.9'))).toBe('192.0.2.1')
})

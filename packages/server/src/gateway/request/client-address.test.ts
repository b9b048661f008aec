import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { AddressSet } from '../../address/address-set.ts'
import { TrustedProxies } from './client-address.ts'

/** A request received on a connection from `peer`. */
function requestFrom(peer: string, forwarded?: string): IncomingMessage {
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
    ['IPv4-mapped IPv6', PROXIES, '::ffff:10.0.0.1', '::ffff:198.51.100.9', '198.51.100.9'],
  ])('%s', (_, proxies, peer, forwarded, client) => {
    const trusted = new TrustedProxies(new AddressSet(proxies))
    expect(trusted.clientAddress(requestFrom(peer, forwarded))).toBe(client)
    expect(trusted.clientAddress(requestFrom(peer, forwarded))).toBe(client)
  })
})

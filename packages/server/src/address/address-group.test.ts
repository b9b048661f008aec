import { expect, test } from 'vitest'
import { addressGroup, addressNetwork } from './address-group.ts'

test('An anonymous caller is counted by its IPv4 address or its IPv6 network', () => {
  expect(addressGroup('192.0.2.1')).toBe('192.0.2.1')
  expect(addressGroup('::ffff:192.0.2.1')).toBe('192.0.2.1')
  expect(addressGroup('2001:db8:1:2:3:4:5:6')).toBe(addressGroup('2001:db8:1:2::7'))
})

test('Neighbouring networks are counted separately', () => {
  for (const [one, other] of [
    ['2001:db8:1:2::1', '2001:db8:1:3::1'],
    ['2001:db8:1:b::1', '2001:db8:b:1::1'],
    ['192.0.2.1', '192.0.2.2'],
  ] as const) {
    expect(addressGroup(one)).not.toBe(addressGroup(other))
  }
})

test('The network of an address is its /24 of IPv4 or its /48 of IPv6', () => {
  for (const [one, other] of [
    ['192.0.2.1', '192.0.2.255'],
    ['192.0.2.1', '::ffff:192.0.2.7'],
    ['192.0.2.1', '192.0.2.1:8080'],
    ['2001:db8:1:2::3', '2001:db8:1:ffff::1'],
    ['2001:db8:1:2::3', '[2001:db8:1::3]:8080'],
  ] as const) {
    expect(addressNetwork(one)).toBe(addressNetwork(other))
  }
  for (const [one, other] of [
    ['192.0.2.1', '192.0.3.1'],
    ['2001:db8:1::1', '2001:db8:2::1'],
    ['2001:db8:1::1', '2001:db8::1:1'],
    ['no address', 'another'],
  ] as const) {
    expect(addressNetwork(one)).not.toBe(addressNetwork(other))
  }
})

import { expect, test } from 'vitest'
import { addressGroup } from './address-group.ts'

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

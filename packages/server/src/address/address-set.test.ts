import { expect, test } from 'vitest'
import { AddressSet } from './address-set.ts'

test.each([
  ['10.0.0.0/8', '10.1.2.3', true],
  ['10.0.0.0/8', '11.0.0.0', false],
  ['10.0.0.7', '10.0.0.7', true],
  ['10.0.0.7', '10.0.0.8', false],
  ['10.0.0.0/8', '::ffff:10.1.2.3', true],
  ['::ffff:10.0.0.0/104', '10.1.2.3', true],
  ['2001:db8::/32', '2001:db8:1::1', true],
  ['2001:db8::/32', '2001:db9::1', false],
  ['2001:db8::/32', '10.0.0.1', false],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['::/0', '10.0.0.1', false],
  ['10.0.0.0/8', '10.1', false],
  ['10.0.0.0/8', '0x0a000001', false],
  ['10.0.0.0/8', '167772161', false],
  ['10.0.0.0/8', '', false],
  ['10.0.0.0/33', '10.0.0.0', false],
  ['nonsense', '10.0.0.0', false],
])('%s contains %s: %s', (range, address, isIn) => {
  expect(new AddressSet([range]).has(address)).toBe(isIn)
})

test('An empty set contains no address', () => {
  expect(new AddressSet([]).has('10.0.0.1')).toBe(false)
})

import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { expect, test } from 'vitest'
import { parseIpv4 } from './ipv4.ts'

test.each([
  ['0.0.0.0', 0],
  ['255.255.255.255', 4_294_967_295],
  ['192.0.2.7', 3_221_225_991],
])('%s is %d', (text, address) => {
  expect(parseIpv4(text)).toBe(address)
})

test.each([
  '',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4 ',
  ' 1.2.3.4',
  '1..3.4',
  '1.2.3.',
  '+1.2.3.4',
  '1.2.3.0004',
  '::1',
  '0x7f.0.0.1',
])('"%s" is not an IPv4 address', (text) => {
  expect(parseIpv4(text)).toBe(-1)
})

test('accepts exactly the texts that the library accepts as four decimal parts', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9.]{0,16}$/), (text) => {
      expect(parseIpv4(text) >= 0).toBe(ipaddr.IPv4.isValidFourPartDecimal(text))
    }),
  )
  fc.assert(
    fc.property(fc.ipV4(), (text) => {
      expect(parseIpv4(text)).toBe(
        ipaddr.IPv4.parse(text)
          .toByteArray()
          .reduce((sum, byte) => sum * 256 + byte, 0),
      )
    }),
  )
})

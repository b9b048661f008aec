import { expect, test } from 'vitest'
import { parseAddressRule } from './address-rules.ts'

test.each([
  ['192.0.2.7', '192.0.2.7/32'],
  ['10.1.2.3/8', '10.0.0.0/8'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:DB8:0::1', '2001:db8::1/128'],
  ['2001:db8:ffff::/32', '2001:db8::/32'],
  ['::/0', '::/0'],
  ['::ffff:192.0.2.7', '192.0.2.7/32'],
  ['::ffff:10.1.2.3/104', '10.0.0.0/8'],
])('stores %s as %s', (text, value) => {
  expect(parseAddressRule(text)).toEqual({ ok: true, value })
})

test.each([
  '',
  ' 10.0.0.1',
  '10.0.0',
  '10',
  '010.0.0.1',
  '0x7f.0.0.1',
  '256.0.0.1',
  '10.0.0.0/33',
  '10.0.0.0/',
  '10.0.0.0/08',
  '10.0.0.0/-1',
  '10.0.0.0/8/8',
  '2001:db8::/129',
  '2001:db8::/200',
  ':::',
  'fe80::1%eth0',
  'example.com',
  '[::1]',
])('rejects %j', (text) => {
  expect(parseAddressRule(text)).toMatchObject({ ok: false, problem: expect.any(String) })
})

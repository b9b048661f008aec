import { expect, test } from 'vitest'
import { hostPatternProblem } from './host-pattern.ts'

const LONG = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`

test.each([
  'orders.example.com',
  'localhost',
  'orders.localhost',
  'a',
  '4you.example',
  'x--y.example',
  'xn--bcher-kva.example',
  '*.example.com',
  '*.localhost',
  LONG,
])('%s is in the form in which hosts are compared', (host) => {
  expect(hostPatternProblem(host)).toBeUndefined()
})

test.each([
  ['Orders.Example.com', 'orders.example.com'],
  ['orders.example.com.', 'orders.example.com'],
  ['orders.example.com:443', 'orders.example.com'],
  ['https://orders.example.com/', 'orders.example.com'],
  ['bücher.example', 'xn--bcher-kva.example'],
  ['xn--BCHER-kva.example', 'xn--bcher-kva.example'],
  ['orders。example', 'orders.example'],
  ['*.Example.com', '*.example.com'],
])('the problem of %s names the right form', (host, right) => {
  expect(hostPatternProblem(host)).toContain(`Write this host as ${right}:`)
})

test.each([
  '',
  '.',
  '.example.com',
  'orders..example',
  'orders.example.com..',
  'orders_1.example',
  '-a.example',
  'a-.example',
  `a${LONG}`,
  `${'a'.repeat(64)}.example`,
  '127.0.0.1',
  '0x7f.1',
  'a.1',
  '1',
  '[::1]',
  '::1',
  'user@orders.example.com',
  'orders.example.com/path',
  'ftp://orders.example.com',
  'orders.example.com:',
  'orders example',
  'orders%2eexample.com',
  'a\u0000b.example',
  `${'ä'.repeat(300)}.example`,
])('%s is not the name of a host', (host) => {
  expect(hostPatternProblem(host)).toMatch(/^Use a host name such as orders\.example\.com/)
})

test.each([
  '*',
  '*.com',
  '*.*.example.com',
  'a*.example.com',
  'a.*.example.com',
  '*example.com',
  '*.xn--p1ai',
])('%s is no pattern of hosts', (host) => {
  expect(hostPatternProblem(host)).toMatch(/^A pattern has one "\*"/)
})

test('a pattern has at most 10 labels after its "*", and a host any number', () => {
  const ten = Array.from({ length: 10 }, () => 'a').join('.')
  expect(hostPatternProblem(`*.${ten}`)).toBeUndefined()
  expect(hostPatternProblem(`*.a.${ten}`)).toMatch(/^A pattern has at most 10 labels after its "\*"\./)
  expect(hostPatternProblem(`a.${ten}`)).toBeUndefined()
})

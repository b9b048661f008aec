import { expect, test } from 'vitest'
import { hostName, isHost } from './host-name.ts'

test.each([
  ['localhost', 'localhost'],
  ['LocalHost:8080', 'localhost'],
  ['console.example.com.', 'console.example.com'],
  ['console.example.com.:443', 'console.example.com'],
  ['sally_port:80', 'sally_port'],
  ['127.0.0.1', '127.0.0.1'],
  ['127.0.0.1:', '127.0.0.1'],
  ['[::1]:8080', '::1'],
  ['[0:0:0:0:0:0:0:1]', '::1'],
  ['::1', '::1'],
  ['[::ffff:127.0.0.1]', '127.0.0.1'],
  ['[2001:DB8::1]', '2001:db8::1'],
])('%j is the host %s', (text, expected) => {
  expect(hostName(text)).toBe(expected)
})

test.each([
  '',
  ':8080',
  'localhost:80:80',
  'localhost:x',
  'localhost:123456',
  'evil@localhost',
  'localhost/',
  'http://localhost',
  'a b',
  'localhost, evil.example',
  '[::1',
  '[localhost]',
  '[::1]x',
  '[127.0.0.1]',
  'localhost\u0000',
  'a'.repeat(256),
])('%j is no host', (text) => {
  expect(hostName(text)).toBeUndefined()
})

test.each(['localhost', 'a_b.example.', '192.0.2.1:80', 'a:', 'a:65535', '[::1]', '[2001:db8::1]:8080'])(
  '%j can be the value of Host',
  (text) => {
    expect(isHost(text)).toBe(true)
  },
)

test.each(['', '::1', '[::1%25eth0]', '[1:2]', 'a:65536', "a'b", 'a,b', 'a%20b', '*', '[::1]x'])(
  '%j cannot be the value of Host',
  (text) => {
    expect(isHost(text)).toBe(false)
  },
)

test('a host is known again, and a text that is nearly the same is none', () => {
  for (const text of ['api.example.com', 'api.example.com', 'api.example.com ', 'api.example.com:x']) {
    expect(isHost(text)).toBe(text === 'api.example.com')
  }
})

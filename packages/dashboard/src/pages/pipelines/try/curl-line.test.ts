import { expect, test } from 'vitest'
import { curlLine, methodOf, ownHostOf } from './curl-line.ts'

const NOTHING = { apiKey: false, jwt: false, basic: false }

test('a call names its method unless it is GET', () => {
  expect(curlLine({ url: 'http://a.example/b', method: 'GET', required: NOTHING })).toBe(
    "curl 'http://a.example/b'",
  )
  expect(curlLine({ url: 'http://a.example/b', method: 'PUT', required: NOTHING })).toBe(
    "curl -X PUT 'http://a.example/b'",
  )
})

test('a path cannot end the word of the shell', () => {
  expect(curlLine({ url: "http://a.example/'$(id)", method: 'GET', required: NOTHING })).toBe(
    "curl 'http://a.example/'\\''$(id)'",
  )
})

test('each credential has its header, and the JWT another one beside Basic', () => {
  const required = { apiKey: true, jwt: true, basic: false }
  expect(curlLine({ url: 'x', method: 'GET', required }).split('\n')).toEqual([
    "curl 'x' \\",
    '  -H "x-api-key: $TOKEN" \\',
    '  -H "authorization: Bearer $JWT"',
  ])
  expect(curlLine({ url: 'x', method: 'GET', required: { ...required, basic: true } })).toContain(
    '-u "$USERNAME:$PASSWORD" \\\n  -H "x-access-token: $JWT"',
  )
})

test('the method is GET if the trigger answers it', () => {
  expect(methodOf({ methods: null })).toBe('GET')
  expect(methodOf({ methods: ['POST', 'GET'] })).toBe('GET')
  expect(methodOf({ methods: ['POST', 'PUT'] })).toBe('POST')
})

test.each([
  ['https://orders.example.com', 'orders.example.com'],
  ['https://orders.example.com:8443', 'orders.example.com:8443'],
  ['https://*.shops.example.com', 'any.shops.example.com'],
  ['http://127.0.0.1:8081/acme/prod', null],
  ['https://gateway.example.com/base/acme/prod', null],
  ['', null],
])('the own host of %s is %s', (base, host) => {
  expect(ownHostOf(base)).toBe(host)
})

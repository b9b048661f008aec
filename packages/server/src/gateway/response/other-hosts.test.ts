import { expect, test } from 'vitest'
import { otherHosts, withoutForeignCookies } from './other-hosts.ts'

const ACME = { organization: 'acme', environment: 'prod' }
const RIVAL = { organization: 'rival', environment: 'prod' }
const others = otherHosts(
  new Map([
    ['a.example.com', ACME],
    ['*.acme.com', ACME],
    ['b.example.com', RIVAL],
    ['*.shops.example.net', RIVAL],
  ]),
  ['gateway.sallyport.example'],
)

function sent(organization: string, cookie: string): string | undefined {
  const of = others.get(organization)
  if (of === undefined) throw new Error('no such organization')
  return withoutForeignCookies(['content-type', 'text/plain', 'Set-Cookie', cookie], of)[3]
}

test.each([
  ['acme', 'example.com', 'the host of another organization'],
  ['acme', '.EXAMPLE.com.', 'the same, written in another way'],
  ['acme', 'com', 'all hosts of a top-level domain'],
  ['acme', 'b.example.com', 'exactly that host'],
  ['acme', 'shops.example.net', 'hosts of a pattern'],
  ['acme', 'example.net', 'hosts of a pattern, further up'],
  ['acme', 'x.shops.example.net', 'a host that a pattern of another organization covers'],
  ['acme', 'sallyport.example', 'the host that all share'],
  ['acme', 'exämple.com', 'what only a browser can read'],
  ['rival', 'acme.com', 'hosts of a pattern of the first organization'],
])('a cookie of %s for %s loses its domain: %s', (organization, domain) => {
  expect(sent(organization, `s=1; Path=/; Domain=${domain}; Secure`)).toBe('s=1; Path=/; Secure')
  expect(sent(organization, `s=1;domain = ${domain}`)).toBe('s=1')
})

test.each([
  ['acme', 's=1'],
  ['acme', 's=1; Domain=a.example.com'],
  ['acme', 's=1; Domain=acme.com; Path=/'],
  ['acme', 's=1; Domain=sub.a.example.com'],
  ['acme', 's=1; Domain=example.org'],
  ['acme', 's=1; Domain=ample.com'],
  ['acme', 's=1; Domain='],
  ['acme', 's=1; Domain'],
  ['acme', 's=Domain=example.com'],
  ['rival', 's=1; Domain=b.example.com'],
])('of %s, the cookie %j stays as it is', (organization, cookie) => {
  expect(sent(organization, cookie)).toBe(cookie)
})

test('of repeated domains, each one counts, since browsers use the last', () => {
  expect(sent('acme', 's=1; Domain=a.example.com; Domain=example.com')).toBe('s=1')
})

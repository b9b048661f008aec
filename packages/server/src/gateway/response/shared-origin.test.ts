import { expect, test } from 'vitest'
import { keepWithin } from './shared-origin.ts'

const PATH = '/acme/prod'

test.each([
  'Clear-Site-Data',
  'service-worker-allowed',
  'Strict-Transport-Security',
  'Alt-Svc',
  'NEL',
  'Report-To',
  'Origin-Agent-Cluster',
  'Public-Key-Pins',
  'Set-Cookie2',
  'Shared-Storage-Write',
  'X-Accel-Redirect',
  'X-Sendfile',
])('%s is dropped', (name) => {
  expect(keepWithin(['a', '1', name, 'x', 'b', '2'], PATH)).toEqual(['a', '1', 'b', '2'])
})

test.each([
  'content-type',
  'cache-control',
  'x-accel-buffering',
  'location',
  'link',
  'x-set-cookie',
  'content-security-policy',
])('%s is kept', (name) => {
  expect(keepWithin([name, 'x'], PATH)).toEqual([name, 'x'])
})

test.each([
  ['a=1', 'a=1; Path=/acme/prod'],
  ['a=1; Path=/', 'a=1; Path=/acme/prod'],
  ['a=1; Path=/; HttpOnly; Secure', 'a=1; HttpOnly; Secure; Path=/acme/prod'],
  ['a=1; path = / ', 'a=1; Path=/acme/prod'],
  ['a=1; PATH=/rival/prod', 'a=1; Path=/acme/prod'],
  ['a=1; Path=/acme/production', 'a=1; Path=/acme/prod'],
  ['a=1; Path=/acme/prod', 'a=1; Path=/acme/prod'],
  ['a=1; Path=/acme/prod/x', 'a=1; Path=/acme/prod/x'],
  ['a=1; Path=/acme/prod/x; Path=/', 'a=1; Path=/acme/prod'],
  ['a=1; Path', 'a=1; Path=/acme/prod'],
  // Browsers ignore so long an attribute.
  [`a=1; Path=/acme/prod/${'x'.repeat(1_100)}`, 'a=1; Path=/acme/prod'],
  ['a=1; Path="/acme/prod"', 'a=1; Path=/acme/prod'],
  ['a=1; Domain=example.com', 'a=1; Path=/acme/prod'],
  ['a=1; domain=.example.com; Max-Age=60', 'a=1; Max-Age=60; Path=/acme/prod'],
  ['__Secure-a=1; Secure', '__Secure-a=1; Secure; Path=/acme/prod'],
  ['a=Path=/; SameSite=Lax', 'a=Path=/; SameSite=Lax; Path=/acme/prod'],
])('the cookie %j becomes %j', (cookie, kept) => {
  expect(keepWithin(['Set-Cookie', cookie], PATH)).toEqual(['Set-Cookie', kept])
})

test.each(['__Host-a=1; Secure; Path=/', ' __host-a=1', '__Host-Http-a=1; Path=/'])(
  'the cookie %j is dropped, which cannot have another path',
  (cookie) => {
    expect(keepWithin(['set-cookie', cookie], PATH)).toEqual([])
  },
)

import { expect, test } from 'vitest'
import { identityFromHeaders } from './identity.ts'
import { identityOf, noteIdentity } from './verified-requests.ts'

const HEADERS = {
  'x-sallyport-organization': 'acme',
  'x-sallyport-environment': 'prod',
  'x-sallyport-pipeline': 'orders',
  'x-sallyport-consumer': '-',
  'x-sallyport-key': '-',
  'x-sallyport-claims': '-',
  'x-sallyport-labels': '-',
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

test('a caller without a credential has only the names of the pipeline', () => {
  const identity = {
    organization: 'acme',
    environment: 'prod',
    pipeline: 'orders',
    consumer: null,
    key: null,
    claims: null,
    labels: null,
  }
  expect(identityFromHeaders(HEADERS)).toEqual(identity)
  expect(identityFromHeaders(new Headers(HEADERS))).toEqual(identity)
})

test.each([
  ['mobile-app', 'mobile-app'],
  ['%2D', '-'],
  ['100%25%20M%C3%BCller', '100% Müller'],
])('the consumer %s is called %s', (header, consumer) => {
  expect(identityFromHeaders({ ...HEADERS, 'x-sallyport-consumer': header }).consumer).toBe(consumer)
})

test('claims and labels are decoded', () => {
  const claims = { sub: 'Jürgen ?>~', scopes: ['a'], nested: { yes: true } }
  const read = identityFromHeaders({
    ...HEADERS,
    'x-sallyport-claims': base64url(JSON.stringify(claims)),
    'x-sallyport-labels': 'team.a=x%2Cy%3Dz,tier=gold,empty=',
  })
  expect(read.claims).toEqual(claims)
  expect({ ...read.labels }).toEqual({ 'team.a': 'x,y=z', tier: 'gold', empty: '' })
  expect(read.labels?.['constructor']).toBeUndefined()
})

test.each([
  ['x-sallyport-organization', '-'],
  ['x-sallyport-pipeline', '-'],
  ['x-sallyport-environment', ''],
  ['x-sallyport-consumer', 'a, b'],
  ['x-sallyport-consumer', '%E4'],
  ['x-sallyport-key', ''],
  ['x-sallyport-claims', base64url('[]')],
  ['x-sallyport-claims', base64url('null')],
  ['x-sallyport-claims', base64url('{')],
  ['x-sallyport-claims', Buffer.from('{"a":"\xe4"}', 'latin1').toString('base64url')],
  ['x-sallyport-claims', '*'],
  ['x-sallyport-labels', 'tier'],
  ['x-sallyport-labels', 'tier=a=b'],
  ['x-sallyport-labels', '=a'],
  ['x-sallyport-labels', 'tier=a,'],
])('%s: %s is no identity', (name, value) => {
  expect(() => identityFromHeaders({ ...HEADERS, [name]: value })).toThrow(TypeError)
})

test.each(Object.keys(HEADERS))('headers without %s are no identity', (missing) => {
  expect(() => identityFromHeaders({ ...HEADERS, [missing]: undefined })).toThrow('all seven')
})

test('only a verified request has an identity', () => {
  const [verified, other] = [{}, {}]
  const identity = identityFromHeaders(HEADERS)
  noteIdentity(identity, verified)
  expect(identityOf(verified)).toBe(identity)
  expect(() => identityOf(other)).toThrow(
    new TypeError('This request was not verified. Put its route behind protect(verifier).'),
  )
})

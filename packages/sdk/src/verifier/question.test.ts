import { expect, test } from 'vitest'
import { readCaller, type CallerRequest } from './caller-request.ts'
import { composeQuestion, type AddressSource } from './question.ts'

const PLACE = { organization: 'acme', environment: 'prod' }

function ofNode(url: string, rawHeaders: readonly string[] = [], remoteAddress?: string): CallerRequest {
  return { method: 'GET', url, rawHeaders, socket: { remoteAddress } }
}

function question(
  request: CallerRequest,
  readAddress?: (source: AddressSource) => string | null | undefined,
) {
  return composeQuestion(PLACE, readCaller(request), { readAddress })
}

test.each([
  ['/', '/acme/prod/'],
  ['//evil', '/acme/prod//evil'],
  ['/a/../b', '/acme/prod/a/../b'],
  ['/a%2F..%2Fb?q=%2F&r=/../x', '/acme/prod/a%2F..%2Fb?q=%2F&r=/../x'],
  ['/a#b', '/acme/prod/a#b'],
])('the target %s reaches the gateway unchanged', (url, described) => {
  expect(question(ofNode(url))).toMatchObject({ 'x-original-url': described })
  expect(question({ method: 'GET', url: `http://h.example${url}`, headers: new Headers() })).toMatchObject({
    'x-original-url': described,
  })
})

test.each(['*', '2/orders', '', '?x=1', 'http://h/x', '/a b', '/a\tb', '/ä', '/\u{1F600}', '\\x'])(
  'a target %j of Node.js cannot be described',
  (url) => {
    expect(question(ofNode(url))).toBeNull()
  },
)

test('a URL without a path means its root', () => {
  const read = (url: string) => question({ method: 'GET', url, headers: new Headers() })?.['x-original-url']
  expect([read('http://h'), read('http://h?x=1')]).toEqual(['/acme/prod/', '/acme/prod/?x=1'])
})

test('the URL that a router shortened counts as received', () => {
  const request = { ...ofNode('/1'), originalUrl: '/api/orders/1' }
  expect(question(request)).toMatchObject({ 'x-original-url': '/acme/prod/api/orders/1' })
})

test.each(['authorization', 'apikey', 'x-api-key', 'x-api-appkey', 'x-api-apptoken', 'x-access-token'])(
  'a repeated %s is not reduced to one of its values',
  (name) => {
    const [upper, lower] = [name.toUpperCase(), name]
    expect(question(ofNode('/', [upper, 'one']))).toMatchObject({ [name]: 'one' })
    expect(question(ofNode('/', [upper, 'one', 'accept', '*/*', lower, 'two']))).toMatchObject({ [name]: '' })
    expect(question(ofNode('/', [upper, 'one', lower, 'one']))).toMatchObject({ [name]: '' })
  },
)

test('only an id that the gateway accepts names the request', () => {
  const idOf = (...ids: string[]) =>
    question(
      ofNode(
        '/',
        ids.flatMap((id) => ['x-request-id', id]),
      ),
    )?.['x-request-id']
  expect(idOf('abc.1')).toBe('abc.1')
  expect([idOf('a b'), idOf(''), idOf('a'.repeat(129)), idOf('a', 'b')]).toEqual(Array(4).fill(undefined))
})

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  [undefined, '::'],
])('the peer %s is described as %s', (peer, described) => {
  expect(question(ofNode('/', [], peer))).toMatchObject({ 'x-forwarded-for': described })
})

test('the address can be read from a header, and text that is none counts as no address', () => {
  const headers = ['X-Real-Ip', '192.0.2.9', 'X-Forwarded-For', '10.0.0.1', 'x-forwarded-for', '10.0.0.2']
  const read = (readAddress: (source: AddressSource) => string | null | undefined) =>
    question(ofNode('/', headers, '192.0.2.1'), readAddress)?.['x-forwarded-for']
  expect(read(({ header }) => header('X-Real-IP'))).toBe('192.0.2.9')
  expect(read(({ header }) => header('x-forwarded-for')?.split(',').at(-1))).toBe('10.0.0.2')
  expect(read(({ peer }) => peer)).toBe('192.0.2.1')
  for (const none of [null, undefined, '', 'unknown', '10.0.0.1, 10.0.0.2', '10.0.0.1\r\nx: y', '[::1]:80'])
    expect(read(() => none)).toBe('::')
})

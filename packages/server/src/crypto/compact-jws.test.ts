import { expect, test } from 'vitest'
import { parseCompactJws, TOKEN_CHARS_MAX } from './compact-jws.ts'

const encode = (text: string) => Buffer.from(text, 'utf8').toString('base64url')

function tokenWith(header: object, payload = '{}', signature = 'signature'): string {
  return [JSON.stringify(header), payload, signature].map(encode).join('.')
}

test('parses a token without verifying it', () => {
  const token = tokenWith({ alg: 'ES256', kid: 'a', typ: 'JWT', x5t: 'AA' }, 'any', 's')
  expect(parseCompactJws(token)).toEqual({
    header: { alg: 'ES256', kid: 'a', typ: 'JWT', cty: undefined },
    payload: Buffer.from('any'),
    signature: Buffer.from('s'),
    encoded: { header: token.split('.')[0], payload: 'YW55', signature: 'cw' },
  })
  expect(parseCompactJws(tokenWith({ alg: 'none' }, ''))?.payload).toHaveLength(0)
})

test('rejects header members that would control verification, whatever their value', () => {
  for (const name of ['crit', 'b64', 'jku', 'x5u', 'jwk', 'x5c', 'enc']) {
    for (const value of [null, '', [], {}, true]) {
      expect(parseCompactJws(tokenWith({ alg: 'ES256', [name]: value })), name).toBeUndefined()
    }
    expect(parseCompactJws(tokenWith({ alg: 'ES256', x: { [name]: 1 } })), name).toBeDefined()
  }
})

test('rejects header members that are not strings, and an empty signature', () => {
  for (const header of [
    {},
    { alg: 256 },
    { alg: null },
    { alg: 'ES256', kid: 1 },
    { alg: 'ES256', kid: null },
    { alg: 'ES256', typ: [] },
    { alg: 'ES256', cty: {} },
  ]) {
    expect(parseCompactJws(tokenWith(header)), JSON.stringify(header)).toBeUndefined()
  }
  expect(parseCompactJws(tokenWith({ alg: 'ES256' }, '{}', ''))).toBeUndefined()
})

test('accepts a token of the maximum length and rejects a longer one', () => {
  const [header, , signature] = tokenWith({ alg: 'ES256' }).split('.')
  const withPayload = (chars: number) => `${header}.${'A'.repeat(chars)}.${signature}`
  const room = TOKEN_CHARS_MAX - withPayload(0).length
  // A base64url text never has a length of 4n + 1, so the longest valid payload may be a little below the limit.
  const fits = [room, room - 1, room - 2].find((chars) => chars % 4 !== 1) ?? 0
  expect(parseCompactJws(withPayload(fits))).toBeDefined()
  expect(parseCompactJws(withPayload(fits + 4))).toBeUndefined()
  expect(parseCompactJws('.'.repeat(1_000_000))).toBeUndefined()
})

import { expect, test } from 'vitest'
import { parsePublicJwk } from './public-jwk.ts'

/** An odd number of this many bytes, all of whose bits are set, in base64url. */
const odd = (bytes: number): string => Buffer.alloc(bytes, 255).toString('base64url')

test('accepts an RSA modulus from 2048 to 8192 bits, and keeps only its numbers', () => {
  for (const bytes of [256, 1024]) {
    const numbers = { kty: 'RSA', n: odd(bytes), e: 'AQAB' } as const
    expect(parsePublicJwk({ ...numbers, kid: 'a', x5c: [] }, 'RS256')).toEqual(numbers)
  }
})

test('does not parse a modulus whose text is far too long', () => {
  const reason = (chars: number) => parsePublicJwk({ n: 'f'.repeat(chars), e: 'AQAB' }, 'RS256')
  expect(reason(8192)).toBe('it has more than 8192 bits')
  expect(reason(8196)).toBe('its "n" or "e" is not a number in base64url')
})

test('rejects a curve that no algorithm uses', () => {
  const coordinates = {
    x: Buffer.alloc(32, 1).toString('base64url'),
    y: Buffer.alloc(32, 2).toString('base64url'),
  }
  expect(parsePublicJwk({ ...coordinates, crv: 'P-256' }, 'ES256')).toEqual({
    kty: 'EC',
    crv: 'P-256',
    ...coordinates,
  })
  expect(parsePublicJwk({ ...coordinates, crv: 'secp256k1' }, 'ES256')).toBe('its "crv" is not supported')
})

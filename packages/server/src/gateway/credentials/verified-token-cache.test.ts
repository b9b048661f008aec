import { emptyEnvironment } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { factOf, tokenCacheKey, VerifiedTokenCache, type VerifiedToken } from './verified-token-cache.ts'

const prod = emptyEnvironment('acme', 'prod')

function verified(fields: Partial<VerifiedToken> = {}): VerifiedToken {
  return {
    claims: {
      iss: 'us',
      sub: undefined,
      aud: ['us'],
      exp: 1,
      nbf: undefined,
      iat: undefined,
      jti: undefined,
      all: {},
    },
    rules: { issuer: 'us', audiences: ['us'], own: false },
    fact: { kind: 'valid', mintedFor: null, claims: {} },
    trustedBy: prod.signingKeys,
    usableUntilMs: Infinity,
    verifyAgainAtMs: Infinity,
    characters: 300,
    ...fields,
  }
}

describe('Cached tokens', () => {
  test('are bounded in number; the least recently used one is evicted first', () => {
    const tokens = new VerifiedTokenCache(2)
    tokens.set('a', verified())
    tokens.set('b', verified())
    tokens.find('a', prod, 0, 0)
    tokens.set('c', verified())
    expect(['a', 'b', 'c'].map((name) => tokens.find(name, prod, 0, 0) !== undefined)).toEqual([
      true,
      false,
      true,
    ])
  })

  test('are bounded in size, so that fewer large ones fit', () => {
    const tokens = new VerifiedTokenCache(1000, 100_000)
    for (let index = 0; index < 100; index += 1) tokens.set(`small ${index}`, verified({ characters: 100 }))
    const small = tokens.size
    for (let index = 0; index < 100; index += 1) tokens.set(`large ${index}`, verified({ characters: 8192 }))
    expect(small).toBeGreaterThan(50)
    expect(tokens.size).toBe(1)
    // Adding a token twice counts it once.
    for (let index = 0; index < 100; index += 1) tokens.set('again', verified({ characters: 100 }))
    expect(tokens.find('again', prod, 0, 0)).toBeDefined()
    tokens.set('too large', verified({ characters: 1_000_000 }))
    expect(tokens.size).toBe(0)
  })

  test('are verified again by the monotonic clock, whatever the wall clock says', () => {
    const tokens = new VerifiedTokenCache()
    tokens.set('a', verified({ verifyAgainAtMs: 1000 }))
    expect(tokens.find('a', prod, 999_999, 999)).toBeDefined()
    expect(tokens.find('a', prod, 0, 1000)).toBeUndefined()
  })

  test('are valid until their time, and while their keys or issuers are unchanged', () => {
    const tokens = new VerifiedTokenCache()
    tokens.set('a', verified({ usableUntilMs: 1000 }))
    expect(tokens.find('a', prod, 999, 0)).toBeDefined()
    expect(tokens.find('a', { ...prod, signingKeys: new Map() }, 999, 0)).toBeUndefined()
    // A lookup with another view removes the entry: the token is verified again.
    expect(tokens.find('a', prod, 999, 0)).toBeUndefined()
    tokens.set('a', verified({ usableUntilMs: 1000 }))
    expect(tokens.find('a', prod, 1000, 0)).toBeUndefined()
    expect(tokens.size).toBe(0)
  })

  test('are valid while the issuers that they were verified with are unchanged', () => {
    const tokens = new VerifiedTokenCache()
    tokens.set('a', verified({ trustedBy: prod.issuers }))
    expect(tokens.find('a', { ...prod, signingKeys: new Map() }, 0, 0)).toBeDefined()
    expect(tokens.find('a', { ...prod, issuers: new Map() }, 0, 0)).toBeUndefined()
  })

  test('of one size fill the cache to the last byte', () => {
    /** The smallest cache that holds so many tokens. */
    const roomFor = (count: number): number => {
      for (let bytesMax = 1; ; bytesMax += 1) {
        const tokens = new VerifiedTokenCache(count, bytesMax)
        for (let index = 0; index < count; index += 1) tokens.set(`${index}`, verified())
        if (tokens.size === count) return bytesMax
      }
    }
    expect(roomFor(2)).toBe(2 * roomFor(1))
  })

  test('are keyed by a digest and their environment', () => {
    const name = tokenCacheKey(prod, 'eyJ.e30.c2ln')
    expect(name).not.toContain('eyJ')
    expect(name).not.toBe(tokenCacheKey(emptyEnvironment('acme', 'prod2'), 'eyJ.e30.c2ln'))
    expect(name).not.toBe(tokenCacheKey(prod, 'eyJ.e30.c2lo'))
  })
})

test('The age of a verified token is checked on every use', () => {
  const { claims } = verified()
  const at = (nowSeconds: number): unknown =>
    factOf(verified({ claims: { ...claims, nbf: 1000, exp: 2000 } }), nowSeconds * 1000)
  // With 30 s for clocks that differ.
  expect([969, 970, 2029, 2030].map(at)).toEqual([
    { kind: 'invalid' },
    verified().fact,
    verified().fact,
    { kind: 'expired' },
  ])
})

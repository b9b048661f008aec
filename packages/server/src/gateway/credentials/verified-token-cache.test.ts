import { emptyEnvironment } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { tokenCacheKey, VerifiedTokenCache, type VerifiedToken } from './verified-token-cache.ts'

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
    characters: 300,
    ...fields,
  }
}

describe('Verified tokens', () => {
  test('are bounded in number; the one unused longest goes first', () => {
    const tokens = new VerifiedTokenCache(2)
    tokens.set('a', verified())
    tokens.set('b', verified())
    tokens.find('a', prod, 0)
    tokens.set('c', verified())
    expect(['a', 'b', 'c'].map((name) => tokens.find(name, prod, 0) !== undefined)).toEqual([
      true,
      false,
      true,
    ])
  })

  test('are bounded in size, so that large ones leave room for fewer', () => {
    const tokens = new VerifiedTokenCache(1000, 100_000)
    for (let index = 0; index < 100; index += 1) tokens.set(`small ${index}`, verified({ characters: 100 }))
    const small = tokens.size
    for (let index = 0; index < 100; index += 1) tokens.set(`large ${index}`, verified({ characters: 8192 }))
    expect(small).toBeGreaterThan(50)
    expect(tokens.size).toBe(1)
    // What is kept twice counts once.
    for (let index = 0; index < 100; index += 1) tokens.set('again', verified({ characters: 100 }))
    expect(tokens.find('again', prod, 0)).toBeDefined()
    tokens.set('too large', verified({ characters: 1_000_000 }))
    expect(tokens.size).toBe(0)
  })

  test('end at their time, and with what vouched for them', () => {
    const tokens = new VerifiedTokenCache()
    tokens.set('a', verified({ usableUntilMs: 1000 }))
    expect(tokens.find('a', prod, 999)).toBeDefined()
    expect(tokens.find('a', { ...prod, signingKeys: new Map() }, 999)).toBeUndefined()
    // Whoever comes with another view ends the entry for all: it is verified again.
    expect(tokens.find('a', prod, 999)).toBeUndefined()
    tokens.set('a', verified({ usableUntilMs: 1000 }))
    expect(tokens.find('a', prod, 1000)).toBeUndefined()
    expect(tokens.size).toBe(0)
  })

  test('are remembered by a digest and their environment', () => {
    const name = tokenCacheKey(prod, 'eyJ.e30.c2ln')
    expect(name).not.toContain('eyJ')
    expect(name).not.toBe(tokenCacheKey(emptyEnvironment('acme', 'prod2'), 'eyJ.e30.c2ln'))
    expect(name).not.toBe(tokenCacheKey(prod, 'eyJ.e30.c2lo'))
  })
})

import { SIGNING_ALGORITHMS } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { parseCompactJws, TOKEN_CHARS_MAX } from './compact-jws.ts'
import { importKeySet } from './key-set.ts'
import { mintJwt, UnmintableClaims, type MintedClaims } from './mint-jwt.ts'
import { generateSigningKey, importSigner, type PrivateJwk, type Signer } from './signing-keys.ts'
import { verifyJwt } from './verify-jwt.ts'

const nowMs = 1_800_000_000_000
const issuer = 'urn:sallyport:acme:prod'
const rules = { issuer, audiences: [issuer], own: true }
const claims: MintedClaims = {
  iss: issuer,
  aud: issuer,
  sub: 'con_1',
  iat: nowMs / 1000,
  exp: nowMs / 1000 + 60,
  jti: 'a',
}

/** Claims that take this many bytes. */
function claimsOf(bytes: number): MintedClaims {
  const text = 'x'.repeat(bytes - JSON.stringify({ ...claims, text: '' }).length)
  return { ...claims, text }
}

describe.each(SIGNING_ALGORITHMS)('%s', (algorithm) => {
  test('a token verifies with the public key of its signing key and with no other', async () => {
    const { publicJwk, privateJwk } = await generateSigningKey(algorithm, 'sig_1')
    // The store keeps the key as JSON text.
    const signer = await importSigner(
      JSON.parse(JSON.stringify(privateJwk)) as PrivateJwk,
      algorithm,
      'sig_1',
    )
    const token = await mintJwt(signer, { ...claims, azp: 'con_1', scope: 'a b', 'x.y': { z: ['é'] } })
    const jws = parseCompactJws(token)
    if (jws === undefined) throw new Error('The token cannot be read.')
    expect(JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())).toEqual({
      alg: algorithm,
      kid: 'sig_1',
      typ: 'JWT',
    })
    const keys = await importKeySet([publicJwk])
    expect(keys.problems).toEqual([])
    expect(await verifyJwt(jws, keys, rules, nowMs)).toMatchObject({
      kind: 'valid',
      claims: { sub: 'con_1', all: { azp: 'con_1', scope: 'a b', 'x.y': { z: ['é'] } } },
    })
    // Verification does not modify the parsed token, so it can be repeated.
    expect(await verifyJwt(jws, keys, rules, nowMs + 89_999)).toMatchObject({ kind: 'valid' })
    expect(await verifyJwt(jws, keys, rules, nowMs + 90_000)).toEqual({ kind: 'expired' })
    const other = await generateSigningKey(algorithm, 'sig_1')
    expect(await verifyJwt(jws, await importKeySet([other.publicJwk]), rules, nowMs)).toEqual({
      kind: 'invalid',
    })
  })
})

test('a public key contains no private member, and a signer key cannot be exported', async () => {
  const { publicJwk, privateJwk } = await generateSigningKey('ES256', 'sig_1')
  expect(Object.keys(publicJwk).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'])
  const { privateKey } = await importSigner(privateJwk, 'ES256', 'sig_1')
  expect(privateKey.extractable).toBe(false)
  await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow('not extractable')
  // A JWK can ask to be extractable (Web Cryptography, "ext").
  const asking = await importSigner({ ...privateJwk, ext: true } as PrivateJwk, 'ES256', 'sig_1')
  expect(asking.privateKey.extractable).toBe(false)
})

test('an RSA key has 3072 bits', async () => {
  const { publicJwk } = await generateSigningKey('RS256', 'sig_1')
  expect(Buffer.from(publicJwk.n ?? '', 'base64url')).toHaveLength(384)
})

test('rejects a signing key for another algorithm, a damaged one and a public one, without quoting it', async () => {
  const { publicJwk, privateJwk } = await generateSigningKey('ES256', 'sig_1')
  const { alg: _alg, ...unnamed } = privateJwk
  await expect(importSigner(privateJwk, 'EdDSA', 'sig_1')).rejects.toThrow('another algorithm')
  await expect(importSigner(unnamed, 'EdDSA', 'sig_1')).rejects.toThrow('cannot be read')
  await expect(importSigner({ ...privateJwk, d: 'AQ' }, 'ES256', 'sig_1')).rejects.toThrow('cannot be read')
  await expect(importSigner(publicJwk as PrivateJwk, 'ES256', 'sig_1')).rejects.toThrow('not a private key')
})

test('refuses to mint a token that verification would reject', async () => {
  const { privateJwk } = await generateSigningKey('EdDSA', 'k')
  const signer = await importSigner(privateJwk, 'EdDSA', 'k')
  // With this kid, the header has 50 characters and the signature 86.
  const payloadBytes = Math.floor(((TOKEN_CHARS_MAX - 50 - 86 - 2) * 3) / 4)
  expect(await mintJwt(signer, claimsOf(payloadBytes))).toHaveLength(TOKEN_CHARS_MAX)
  await expect(mintJwt(signer, claimsOf(payloadBytes + 1))).rejects.toThrow('fewer claims')
  await expect(mintJwt(signer, { ...claims, text: '\ud800' })).rejects.toThrow(UnmintableClaims)
  let deep: unknown = 1
  for (let level = 0; level < 40; level += 1) deep = [deep]
  await expect(mintJwt(signer, { ...claims, deep })).rejects.toThrow('nested too deeply')
})

test('does not sign claims that alone are longer than a token', async () => {
  const unreachable: Signer = {
    algorithm: 'EdDSA',
    kid: 'sig_1',
    get privateKey(): never {
      throw new Error('The claims are signed.')
    },
  }
  await expect(mintJwt(unreachable, claimsOf(TOKEN_CHARS_MAX))).rejects.toThrow('The claims are signed.')
  await expect(mintJwt(unreachable, claimsOf(TOKEN_CHARS_MAX + 1))).rejects.toThrow(UnmintableClaims)
})

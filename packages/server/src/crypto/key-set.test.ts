import { generateKeyPairSync } from 'node:crypto'
import { ISSUER_KEYS_MAX, type PublicJwk } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { importKeySet, unusableReason } from './key-set.ts'

const ed = publicJwk('ed25519')
const p256 = publicJwk('ec', 'P-256')
const rsa = publicJwk('rsa')

function publicJwk(kind: 'ed25519' | 'ec' | 'rsa', namedCurve = 'P-256'): PublicJwk {
  const { publicKey } =
    kind === 'ed25519'
      ? generateKeyPairSync('ed25519')
      : kind === 'ec'
        ? generateKeyPairSync('ec', { namedCurve })
        : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return publicKey.export({ format: 'jwk' }) as PublicJwk
}

describe('a key is bound to one algorithm', () => {
  test.each([
    [ed, 'EdDSA'],
    [{ ...ed, alg: 'EdDSA' }, 'EdDSA'],
    [{ ...ed, alg: 'Ed25519' }, 'EdDSA'],
    [p256, 'ES256'],
    [publicJwk('ec', 'P-384'), 'ES384'],
    [publicJwk('ec', 'P-521'), 'ES512'],
    [rsa, 'RS256'],
    [{ ...rsa, alg: 'RS512' }, 'RS512'],
    [{ ...rsa, alg: 'PS384' }, 'PS384'],
    // An RSA key has no curve, and members without a meaning are ignored (RFC 7517 section 4).
    [{ ...rsa, alg: 'PS384', crv: 'P-256' }, 'PS384'],
  ])('%o', async (jwk, algorithm) => {
    const set = await importKeySet([jwk])
    expect(set.problems).toEqual([])
    expect(set.keys.map((key) => key.algorithm)).toEqual([algorithm])
  })
})

describe('skips an unusable key and reports the reason', () => {
  const smallOrder = Buffer.alloc(32).fill(1, 0, 1).toString('base64url')
  const offCurve = Buffer.alloc(32).fill(2, 0, 1).toString('base64url')
  const withZero = Buffer.concat([Buffer.alloc(1), Buffer.from(rsa.n ?? '', 'base64url')]).toString(
    'base64url',
  )
  test.each([
    ['not a JSON object', null],
    ['not a JSON object', 'key'],
    ['not a JSON object', [p256]],
    ['"kid"', { ...p256, kid: 1 }],
    ['"kid"', { ...p256, kid: '' }],
    ['private or symmetric', { kty: 'oct', k: 'AQ' }],
    ['"use" is not "sig"', { ...p256, use: 'enc' }],
    ['"key_ops"', { ...p256, key_ops: ['sign'] }],
    ['"key_ops"', { ...p256, key_ops: 'verify' }],
    ['"alg" is not supported', { ...p256, alg: 'ES384' }],
    ['"alg" is not supported', { ...rsa, alg: 'HS256' }],
    ['"alg" is not supported', { ...rsa, alg: 'RSA-OAEP' }],
    ['"alg" is not supported', { ...ed, alg: 'ES256' }],
    ['"alg" is not supported', { ...ed, crv: 'X25519' }],
    ['"alg" is not supported', { ...p256, alg: 256 }],
    ['"alg" is not supported', { ...p256, alg: ['ES256'] }],
    ['"alg" is not supported', { ...p256, crv: 'secp256k1' }],
    ['"alg" is not supported', { ...rsa, kty: 'EC', alg: 'RS256' }],
    ['"alg" is not supported', { ...p256, kty: 'RSA', alg: 'ES256' }],
    ['32 bytes', { ...p256, x: `${p256.x}=` }],
    ['32 bytes', { ...p256, x: 'AQ' }],
    ['32 bytes', { ...p256, y: `${p256.y}=` }],
    ['32 bytes', { ...p256, y: 'AQ' }],
    ['missing', { ...p256, x: 1 }],
    ['missing', { ...p256, y: undefined }],
    ['do not form a valid key', { ...p256, y: p256.x }],
    ['valid point', { ...ed, x: smallOrder }],
    ['valid point', { ...ed, x: offCurve }],
    ['valid point', { ...ed, x: 'AQ' }],
    ['valid point', { ...ed, x: `${ed.x}=` }],
    ['valid point', { ...ed, x: undefined }],
    ['not a number in base64url', { ...rsa, n: `${rsa.n}=` }],
    ['not a number in base64url', { ...rsa, n: withZero }],
    ['not a number in base64url', { ...rsa, n: '' }],
    ['not a number in base64url', { ...rsa, e: 65_537 }],
    ['not a number in base64url', { ...rsa, e: `${rsa.e}=` }],
    ['fewer than 2048 bits', { ...rsa, n: Buffer.alloc(255, 255).toString('base64url') }],
    ['more than 8192 bits', { ...rsa, n: Buffer.alloc(1025, 255).toString('base64url') }],
    ['"e" is not an odd number', { ...rsa, e: 'AQ' }],
    ['"e" is not an odd number', { ...rsa, e: 'AQAA' }],
    ['"e" is not an odd number', { ...rsa, e: Buffer.alloc(9, 1).toString('base64url') }],
    ['"n" is an even number', { ...rsa, n: Buffer.alloc(256, 254).toString('base64url') }],
    // The generator's primes are powers of 65537 modulo every small prime, so a power of it has the fingerprint too.
    [
      'CVE-2017-15361',
      {
        ...rsa,
        n: Buffer.from((65_537n ** 128n).toString(16).padStart(514, '0'), 'hex').toString('base64url'),
      },
    ],
  ])('%s', async (reason, jwk) => {
    const set = await importKeySet([jwk, { ...p256, kid: 'good' }])
    expect(set.keys.map((key) => key.kid)).toEqual(['good'])
    expect(set.problems).toEqual([expect.stringMatching(/^Key 1 of the set cannot be used: /)])
    expect(set.problems[0]).toContain(reason)
  })
})

test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])(
  'skips a key with the private member %s',
  async (member) => {
    const { keys, problems } = await importKeySet([{ ...p256, [member]: 'AQ' }])
    expect(keys).toEqual([])
    expect(problems).toEqual(['Key 1 of the set cannot be used: it contains a private or symmetric key.'])
  },
)

test('one key is checked like a key of a set', async () => {
  expect(await unusableReason(p256)).toBeUndefined()
  expect(await unusableReason({ ...p256, use: 'enc' })).toBe('its "use" is not "sig"')
})

test('skips different keys with the same kid and algorithm, and merges identical ones', async () => {
  const other = publicJwk('ec', 'P-256')
  const contested = await importKeySet([
    { ...p256, kid: 'a' },
    { ...other, kid: 'a' },
    { ...ed, kid: 'a' },
    { ...other, kid: 'b' },
    { ...other, kid: 'b', use: 'sig' },
  ])
  expect(contested.keys.map((key) => `${key.kid} ${key.algorithm}`)).toEqual(['a EdDSA', 'b ES256'])
  expect(contested.problems).toEqual(['Different keys share the "kid" "a", so none of them can be used.'])
  expect((await importKeySet([p256, other])).keys).toHaveLength(2)
})

test('skips the keys past the limit', async () => {
  const jwks = Array.from({ length: ISSUER_KEYS_MAX + 1 }, (_, index) => ({ ...ed, kid: `${index}` }))
  expect((await importKeySet(jwks.slice(1))).problems).toEqual([])
  const set = await importKeySet(jwks)
  expect(set.keys.at(-1)?.kid).toBe(`${ISSUER_KEYS_MAX - 1}`)
  expect(set.problems).toEqual([`Only the first ${ISSUER_KEYS_MAX} keys of a set are used.`])
  expect(await importKeySet([])).toEqual({ keys: [], problems: [] })
})

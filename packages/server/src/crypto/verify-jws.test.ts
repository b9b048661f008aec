import { expect, test } from 'vitest'
import { parseCompactJws, type CompactJws } from './compact-jws.ts'
import { importKeySet } from './key-set.ts'
import { mintJwt } from './mint-jwt.ts'
import { generateSigningKey, importSigner } from './signing-keys.ts'
import { CANDIDATES_MAX, candidateKeys, verifyJws } from './verify-jws.ts'

const header = { alg: 'EdDSA', kid: undefined, typ: undefined, cty: undefined }
const claims = { iss: 'i', aud: 'i', sub: 's', iat: 1, exp: 2, jti: 'j' }

function parsed(token: string): CompactJws {
  const jws = parseCompactJws(token)
  if (jws === undefined) throw new Error('The token cannot be read.')
  return jws
}

test('tries a token without kid with a few keys, and with none if too many match', async () => {
  const jwks = []
  for (let index = 0; index <= CANDIDATES_MAX; index += 1) {
    jwks.push((await generateSigningKey('EdDSA', `sig_${index}`)).publicJwk)
  }
  const few = await importKeySet(jwks.slice(1))
  const many = await importKeySet(jwks)
  expect(candidateKeys(header, few)).toHaveLength(CANDIDATES_MAX)
  expect(candidateKeys(header, many)).toEqual([])
  expect(candidateKeys({ ...header, kid: 'sig_0' }, many).map((key) => key.kid)).toEqual(['sig_0'])
  expect(candidateKeys({ ...header, kid: 'sig_0' }, few)).toEqual([])
  expect(candidateKeys({ ...header, alg: 'ES256' }, few)).toEqual([])
})

test('a key that cannot verify at all is an error, and no verdict about the token', async () => {
  const { publicJwk, privateJwk } = await generateSigningKey('EdDSA', 'sig_1')
  const signer = await importSigner(privateJwk, 'EdDSA', 'sig_1')
  const jws = parsed(await mintJwt(signer, claims))
  const { keys, problems } = await importKeySet([publicJwk])
  const unfit = keys.map((key) => ({ ...key, cryptoKey: signer.privateKey }))
  await expect(verifyJws(jws, { keys: unfit, problems })).rejects.toThrow(TypeError)
  expect(await verifyJws(jws, { keys, problems })).toBeDefined()
})

test('returns the id of the verifying key and the payload of the token', async () => {
  const { publicJwk, privateJwk } = await generateSigningKey('ES256', 'sig_1')
  const jws = parsed(await mintJwt(await importSigner(privateJwk, 'ES256', 'sig_1'), claims))
  const verified = await verifyJws(jws, await importKeySet([publicJwk]))
  expect(verified?.keyId).toBe('sig_1')
  expect(JSON.parse(Buffer.from(verified?.payload ?? []).toString())).toEqual(claims)
})

import { expect, test } from 'vitest'
import { parseCompactJws } from './compact-jws.ts'
import { importKeySet } from './key-set.ts'
import { mintJwt } from './mint-jwt.ts'
import { generateSigningKey, importSigner } from './signing-keys.ts'
import { CANDIDATES_MAX, candidates, verifyJws } from './verify-jws.ts'

const header = { alg: 'EdDSA', kid: undefined, typ: undefined, cty: undefined }

test('A token without kid is tried with a few keys, and with none where more would do', async () => {
  const jwks = []
  for (let index = 0; index <= CANDIDATES_MAX; index += 1) {
    jwks.push((await generateSigningKey('EdDSA', `sig_${index}`)).publicJwk)
  }
  const few = await importKeySet(jwks.slice(1))
  const many = await importKeySet(jwks)
  expect(candidates(header, few)).toHaveLength(CANDIDATES_MAX)
  expect(candidates(header, many)).toEqual([])
  expect(candidates({ ...header, kid: 'sig_0' }, many).map((key) => key.kid)).toEqual(['sig_0'])
  expect(candidates({ ...header, kid: 'sig_0' }, few)).toEqual([])
  expect(candidates({ ...header, alg: 'ES256' }, few)).toEqual([])
})

test('It is said which key it was, and the payload is that of the token', async () => {
  const { publicJwk, privateJwk } = await generateSigningKey('ES256', 'sig_1')
  const claims = { iss: 'i', aud: 'i', sub: 's', iat: 1, exp: 2, jti: 'j' }
  const token = await mintJwt(await importSigner(privateJwk, 'ES256', 'sig_1'), claims)
  const jws = parseCompactJws(token)
  if (jws === undefined) throw new Error('The token cannot be read.')
  const verified = await verifyJws(jws, await importKeySet([publicJwk]))
  expect(verified?.keyId).toBe('sig_1')
  expect(JSON.parse(Buffer.from(verified?.payload ?? []).toString())).toEqual(claims)
})

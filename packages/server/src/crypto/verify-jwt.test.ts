import { expect, test } from 'vitest'
import { parseCompactJws } from './compact-jws.ts'
import type { KeySet } from './key-set.ts'
import { verifyJwt } from './verify-jwt.ts'

const rules = { issuer: 'i', audiences: ['a'], own: false }

function unsigned(claims: object): NonNullable<ReturnType<typeof parseCompactJws>> {
  const parts = [{ alg: 'EdDSA' }, claims, 'signature'].map((part) => JSON.stringify(part))
  const jws = parseCompactJws(parts.map((part) => Buffer.from(part).toString('base64url')).join('.'))
  if (jws === undefined) throw new Error('The token cannot be read.')
  return jws
}

test('spends no signature check on a token that its claims make invalid', async () => {
  const unreachable: KeySet = {
    get keys(): never {
      throw new Error('The signature is checked.')
    },
    problems: [],
  }
  const claims = { iss: 'i', aud: 'a', exp: 100 }
  expect(await verifyJwt(unsigned({ ...claims, aud: 'b' }), unreachable, rules, 0)).toEqual({
    kind: 'invalid',
  })
  await expect(verifyJwt(unsigned(claims), unreachable, rules, 0)).rejects.toThrow(
    'The signature is checked.',
  )
})

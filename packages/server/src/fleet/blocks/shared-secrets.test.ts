import { randomBytes } from 'node:crypto'
import type { FeedRecord } from '@sallyport/core'
import { expect, test } from 'vitest'
import { secretContext, signingKeyContext } from '../../crypto/seal-contexts.ts'
import { seal, unseal } from '../../crypto/seal.ts'
import { shareSecrets } from './shared-secrets.ts'

const masterKey = randomBytes(32)
const key = randomBytes(32)
const share = shareSecrets({ unseal: (sealed, context) => unseal(masterKey, sealed, context) }, key)
const owner = { organization: 'acme', environment: 'prod', id: 'one' }

test('gateways open secrets and private keys with their own key, and not with the master key', () => {
  const secret: FeedRecord = {
    kind: 'environment-secret',
    ...owner,
    name: 'TOKEN',
    sealedValue: seal(masterKey, 'the value', secretContext(owner)),
  }
  const signingKey: FeedRecord = {
    kind: 'signing-key',
    ...owner,
    algorithm: 'ES256',
    publicJwk: { kty: 'EC' },
    sealedPrivateJwk: seal(masterKey, 'the private half', signingKeyContext(owner)),
    createdAtMs: 1,
    verifiesUntilMs: null,
  }
  const sharedSecret = share(secret)
  const sharedKey = share(signingKey)
  const values = [
    'sealedValue' in sharedSecret ? unseal(key, sharedSecret.sealedValue, secretContext(owner)) : '',
    'sealedPrivateJwk' in sharedKey ? unseal(key, sharedKey.sealedPrivateJwk, signingKeyContext(owner)) : '',
  ]
  expect(values).toEqual(['the value', 'the private half'])
  expect(() =>
    'sealedValue' in sharedSecret ? unseal(masterKey, sharedSecret.sealedValue, secretContext(owner)) : '',
  ).toThrow('cannot be opened')
})

test('other records stay as they are', () => {
  const record: FeedRecord = { kind: 'environment', organization: 'acme', name: 'prod' }
  expect(share(record)).toBe(record)
})

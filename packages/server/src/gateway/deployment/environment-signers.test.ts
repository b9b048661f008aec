import { Snapshot, type EnvironmentView, type FeedRecord } from '@sallyport/core'
import { expect, test } from 'vitest'
import { EnvironmentSigners } from './environment-signers.ts'
import { makeSigningKey } from '../testing/signing-keys.ts'
import { ACME, unsealed } from '../testing/started-gateway.ts'

const [current, replaced] = await Promise.all([makeSigningKey(), makeSigningKey({ verifiesUntilMs: 1 })])

function prodWith(...records: FeedRecord[]): EnvironmentView {
  const snapshot = Snapshot.empty().apply({ revision: 1, atMs: 0, records: [...ACME, ...records] })
  const view = snapshot.environment('acme', 'prod')
  if (view === undefined) throw new Error('no environment')
  return view
}

test('An environment signs with its current key, which is decrypted once', async () => {
  let opened = 0
  const signers = new EnvironmentSigners((text, context) => {
    opened += 1
    return unsealed(text, context)
  })
  const view = prodWith(replaced.record, current.record)
  const asked = [signers.signerOf(view), signers.signerOf(prodWith(current.record))]
  expect(await asked[0]).toMatchObject({ kid: current.record.id, algorithm: 'EdDSA' })
  expect(asked[1]).toBe(asked[0])
  expect(opened).toBe(1)
})

test('An environment without a current key has no signer', () => {
  const signers = new EnvironmentSigners(unsealed)
  expect(signers.signerOf(prodWith())).toBeUndefined()
  expect(signers.signerOf(prodWith(replaced.record))).toBeUndefined()
})

test('A key that was sealed for another context is not decrypted, and the error does not contain it', async () => {
  const signers = new EnvironmentSigners(unsealed)
  const elsewhere = await makeSigningKey({ environment: 'test' })
  const stolen = prodWith({ ...elsewhere.record, environment: 'prod' })
  await expect(signers.signerOf(stolen)).rejects.toThrow('cannot be opened')
  const broken = prodWith({ ...current.record, algorithm: 'RS256' })
  const error: unknown = await signers.signerOf(broken)?.catch((each: unknown) => each)
  expect(String(error)).not.toContain(current.privateJwk.d)
})

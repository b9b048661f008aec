import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { fleetKeys, fleetPublicKey } from '../../crypto/derived/fleet-keys.ts'
import { isRemovalProof, removalProof } from './removal-proof.ts'

test('a proof holds for one credential of one fleet', () => {
  const keys = fleetKeys(randomBytes(32))
  const key = fleetPublicKey(keys.publicKey)
  const proof = removalProof('a'.repeat(64), keys.signing)
  expect(isRemovalProof(proof, 'a'.repeat(64), key)).toBe(true)
  expect(isRemovalProof(proof, `${'a'.repeat(63)}b`, key)).toBe(false)
  expect(isRemovalProof(proof, 'a'.repeat(64), fleetPublicKey(fleetKeys(randomBytes(32)).publicKey))).toBe(
    false,
  )
  for (const other of ['', 'true', proof.slice(0, -2)])
    expect(isRemovalProof(other, 'a'.repeat(64), key)).toBe(false)
})

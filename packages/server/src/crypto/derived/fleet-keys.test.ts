import { randomBytes, sign, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { fleetKeys, fleetName, fleetPublicKey } from './fleet-keys.ts'
import { importedKeyIdSecret } from './imported-key-id.ts'

const masterKey = randomBytes(32)

test('the nodes of one master key have the same keys, and those of another one have others', () => {
  const { publicKey, shared } = fleetKeys(masterKey)
  expect(fleetKeys(Buffer.from(masterKey))).toMatchObject({ publicKey, shared })
  const other = fleetKeys(randomBytes(32))
  expect(other.publicKey).not.toBe(publicKey)
  expect(other.shared.records).not.toEqual(shared.records)
  expect(fleetName(other.publicKey)).not.toBe(fleetName(publicKey))
})

test('a gateway verifies with the public key what a node has signed', () => {
  const { signing, publicKey } = fleetKeys(masterKey)
  const data = Buffer.from('something')
  expect(verify(null, data, fleetPublicKey(publicKey), sign(null, data, signing))).toBe(true)
  expect(fleetPublicKey(publicKey).asymmetricKeyType).toBe('ed25519')
  expect(() => fleetPublicKey('short')).toThrow('Invalid')
})

test('a gateway finds imported keys as a control node does, and gets no other secret twice', () => {
  const { shared } = fleetKeys(masterKey)
  expect(shared.importedKeyIds).toEqual(importedKeyIdSecret(masterKey))
  expect(shared.records).toHaveLength(32)
  expect(shared.records).not.toEqual(shared.importedKeyIds)
})

import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'
import { counterSecret } from './counter-key.ts'
import { importedKeyIdSecret } from './imported-key-id.ts'

const KEY_BYTES = 32
/** PKCS #8 of an Ed25519 key without its last 32 bytes, the seed (RFC 8410 section 7). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/**
 * What the control nodes of one database derive from its master key for their gateways. All nodes have the same, and
 * none of it leads back to the master key.
 */
export interface FleetKeys {
  /** Signs everything that gateways apply (Ed25519, RFC 8032). */
  readonly signing: KeyObject
  /** The public half, 32 bytes in base64url. */
  readonly publicKey: string
  readonly shared: SharedFleetKeys
}

/** The secrets that a gateway needs: 32 bytes each. It gets them with its stream. */
export interface SharedFleetKeys {
  /** Seals the secrets and private keys that gateways use. */
  readonly records: Uint8Array
  /** See `importedKeyId`. */
  readonly importedKeyIds: Uint8Array
  /** See `counterKeys`. */
  readonly counters: Uint8Array
}

/** @param masterKey 32 bytes */
export function fleetKeys(masterKey: Uint8Array): FleetKeys {
  const derived = (info: string): Uint8Array =>
    new Uint8Array(hkdfSync('sha256', masterKey, '', info, KEY_BYTES))
  const signing = createPrivateKey({
    key: Buffer.concat([PKCS8_PREFIX, derived('sallyport fleet signing key')]),
    format: 'der',
    type: 'pkcs8',
  })
  return {
    signing,
    publicKey: publicKeyText(createPublicKey(signing)),
    shared: {
      records: derived('sallyport fleet records'),
      importedKeyIds: importedKeyIdSecret(masterKey),
      counters: counterSecret(masterKey),
    },
  }
}

function publicKeyText(key: KeyObject): string {
  return key.export({ format: 'jwk' }).x ?? ''
}

/**
 * The public key of a fleet.
 *
 * @param text 32 bytes in base64url
 * @throws Error if the text is no Ed25519 public key
 */
export function fleetPublicKey(text: string): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: text }, format: 'jwk' })
}

/** A short name of a fleet: two fleets have different ones. */
export function fleetName(publicKey: string): string {
  return createHash('sha256').update(publicKey).digest('base64url').slice(0, 16)
}

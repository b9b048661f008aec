import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { AuditCheckpoint } from '../port/audit/audit-signing.ts'
import { canonicalJson } from './audit-chain.ts'

/** Distinguishes what is signed from anything else that a key might sign. */
const DOMAIN = 'sallyport audit checkpoint 1\n'
const KEY_ID_CHARS = 16

function signedText({
  organization,
  sequence,
  hash,
  atMs,
  keyId,
}: Omit<AuditCheckpoint, 'signature'>): Buffer {
  return Buffer.from(DOMAIN + canonicalJson({ organization, sequence, hash, atMs, keyId }))
}

/** SHA-256 over the DER form of a public key, in hexadecimal: what people compare. */
export function publicKeyFingerprint(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
}

/** The id of a public key, which anyone can derive from it: `ak_` and the beginning of its fingerprint. */
export function auditKeyId(publicKey: KeyObject): string {
  return `ak_${publicKeyFingerprint(publicKey).slice(0, KEY_ID_CHARS)}`
}

/** @param privateKey an Ed25519 key */
export function signCheckpoint(
  statement: Omit<AuditCheckpoint, 'signature' | 'keyId'>,
  privateKey: KeyObject,
): AuditCheckpoint {
  const { organization, sequence, hash, atMs } = statement
  const unsigned = { organization, sequence, hash, atMs, keyId: auditKeyId(createPublicKey(privateKey)) }
  return { ...unsigned, signature: sign(null, signedText(unsigned), privateKey).toString('base64url') }
}

/** Whether the key signed exactly this checkpoint. The signature has one spelling. */
export function isSignedBy(checkpoint: AuditCheckpoint, publicKey: KeyObject): boolean {
  const signature = Buffer.from(checkpoint.signature, 'base64url')
  return (
    publicKey.asymmetricKeyType === 'ed25519' &&
    checkpoint.keyId === auditKeyId(publicKey) &&
    signature.toString('base64url') === checkpoint.signature &&
    verify(null, signedText(checkpoint), publicKey, signature)
  )
}

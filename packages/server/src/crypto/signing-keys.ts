import type { PublicJwk, SigningAlgorithm } from '@sallyport/core'
import { exportJWK, generateKeyPair, importJWK, type CryptoKey } from 'jose'

/** 128 bits of strength, for long-lived keys (NIST SP 800-57 part 1, table 2). */
const RSA_BITS = 3072

/** A private key as a JWK. Secret. */
export interface PrivateJwk extends PublicJwk {
  readonly d: string
  readonly p?: string
  readonly q?: string
  readonly dp?: string
  readonly dq?: string
  readonly qi?: string
}

/** An imported private key that cannot be exported. */
export interface Signer {
  readonly algorithm: SigningAlgorithm
  readonly kid: string
  readonly privateKey: CryptoKey
}

/** Generates a key pair off the event loop. RS256 can take seconds. */
export async function generateSigningKey(
  algorithm: SigningAlgorithm,
  kid: string,
): Promise<{ readonly publicJwk: PublicJwk; readonly privateJwk: PrivateJwk }> {
  const pair = await generateKeyPair(algorithm, {
    extractable: true,
    ...(algorithm === 'RS256' && { modulusLength: RSA_BITS }),
  })
  const named = { kid, alg: algorithm, use: 'sig' }
  const privateJwk = { ...(await exportJWK(pair.privateKey)), ...named } as PrivateJwk
  const publicJwk = { ...(await exportJWK(pair.publicKey)), ...named } as PublicJwk
  return { publicJwk, privateJwk }
}

/**
 * Imports a private key for signing.
 *
 * @throws Error if it is not a private key for the algorithm; never quotes the key
 */
export async function importSigner(
  privateJwk: PrivateJwk,
  algorithm: SigningAlgorithm,
  kid: string,
): Promise<Signer> {
  const { use: _use, key_ops: _operations, alg, ...material } = privateJwk
  if (alg !== undefined && alg !== algorithm) throw new Error('The signing key is for another algorithm.')
  let privateKey: CryptoKey | Uint8Array
  try {
    privateKey = await importJWK(material, algorithm, { extractable: false })
  } catch {
    // The cause could quote the key, and errors are logged.
    throw new Error('The signing key cannot be read.')
  }
  if (privateKey instanceof Uint8Array || privateKey.type !== 'private') {
    throw new Error('The signing key is not a private key.')
  }
  return { algorithm, kid, privateKey }
}

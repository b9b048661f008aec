import { createPublicKey } from 'node:crypto'

/** COSE algorithms that every browser offers (WebAuthn Level 3 section 5.4), the preferred one first. */
const ES256 = -7
const EDDSA = -8
const RS256 = -257
export const PASSKEY_ALGORITHMS: readonly number[] = [ES256, EDDSA, RS256]

/** Labels of COSE keys (RFC 9052 section 7.1, RFC 9053 section 7, RFC 8230 section 4). */
const KEY_TYPE = 1
const ALGORITHM = 3
const CURVE_OR_MODULUS = -1
const X_OR_EXPONENT = -2
const Y = -3
const OKP = 1
const EC2 = 2
const RSA = 3
const P_256 = 1
const ED25519 = 6

const COORDINATE_BYTES = 32
const MODULUS_BYTES_MIN = 256
const MODULUS_BYTES_MAX = 512
/** 65537, the exponent of all authenticators. A longer one makes every verification slower. */
const EXPONENT = 'AQAB'

/**
 * Whether a passkey may have this public key: P-256, Ed25519, or RSA with 2048 to 4096 bits (WebAuthn Level 3 section
 * 5.8.5). A point outside of the curve is refused.
 *
 * @param key the decoded COSE key
 */
export function isPasskeyKey(key: unknown): boolean {
  if (!(key instanceof Map)) return false
  const jwk = jwkOf(key)
  if (jwk === undefined) return false
  try {
    createPublicKey({ key: jwk, format: 'jwk' })
    return true
  } catch {
    return false
  }
}

function jwkOf(key: ReadonlyMap<unknown, unknown>): Readonly<Record<string, string>> | undefined {
  const kind = `${String(key.get(ALGORITHM))} ${String(key.get(KEY_TYPE))}`
  if (kind === `${ES256} ${EC2}` && key.get(CURVE_OR_MODULUS) === P_256) {
    const x = encoded(key.get(X_OR_EXPONENT), COORDINATE_BYTES)
    const y = encoded(key.get(Y), COORDINATE_BYTES)
    return x === undefined || y === undefined ? undefined : { kty: 'EC', crv: 'P-256', x, y }
  }
  if (kind === `${EDDSA} ${OKP}` && key.get(CURVE_OR_MODULUS) === ED25519) {
    const x = encoded(key.get(X_OR_EXPONENT), COORDINATE_BYTES)
    return x === undefined ? undefined : { kty: 'OKP', crv: 'Ed25519', x }
  }
  if (kind === `${RS256} ${RSA}`) {
    const n = encoded(key.get(CURVE_OR_MODULUS), MODULUS_BYTES_MIN, MODULUS_BYTES_MAX)
    const e = encoded(key.get(X_OR_EXPONENT), 3)
    return n === undefined || e !== EXPONENT ? undefined : { kty: 'RSA', n, e }
  }
  return undefined
}

function encoded(value: unknown, bytesMin: number, bytesMax = bytesMin): string | undefined {
  const isBytes = value instanceof Uint8Array && value.length >= bytesMin && value.length <= bytesMax
  return isBytes ? Buffer.from(value).toString('base64url') : undefined
}

import { CompactSign } from 'jose'
import { TOKEN_CHARS_MAX } from './compact-jws.ts'
import { readClaims } from './jwt-claims.ts'
import type { Signer } from './signing-keys.ts'

/** The claims of an issued token. NumericDates are whole seconds since 1970. */
export interface MintedClaims {
  readonly iss: string
  readonly aud: string
  readonly sub: string
  readonly iat: number
  readonly exp: number
  readonly jti: string
  readonly [name: string]: unknown
}

/**
 * Signs a JWT with the header `{alg, kid, typ}` (RFC 7515 section 7.1, RFC 7519 section 7.1).
 *
 * @throws UnmintableClaims if verification would reject the resulting token
 */
export async function mintJwt(signer: Signer, claims: MintedClaims): Promise<string> {
  const payload = new TextEncoder().encode(JSON.stringify(claims))
  if (readClaims(payload) === undefined) {
    throw new UnmintableClaims('The claims are nested too deeply or contain invalid Unicode.')
  }
  // Base64 only makes the payload longer, so a payload over the limit need not be signed.
  if (payload.length > TOKEN_CHARS_MAX) throw new UnmintableClaims(TOO_LONG)
  const token = await new CompactSign(payload)
    .setProtectedHeader({ alg: signer.algorithm, kid: signer.kid, typ: 'JWT' })
    .sign(signer.privateKey)
  if (token.length > TOKEN_CHARS_MAX) throw new UnmintableClaims(TOO_LONG)
  return token
}

const TOO_LONG = `The token would be longer than ${TOKEN_CHARS_MAX} characters; use fewer claims.`

/** The requested claims cannot form an acceptable token. The message is safe to show. */
export class UnmintableClaims extends Error {}

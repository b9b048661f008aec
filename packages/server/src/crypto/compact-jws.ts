import { decodeBase64url } from './base64url.ts'
import { isOptionalString, parseJsonObject, type JsonObject } from './strict-json.ts'

/** Longer tokens are rejected without parsing. Node.js accepts 16 KiB of headers in total. */
export const TOKEN_CHARS_MAX = 8192

/** The header members that are used. All others are ignored, as RFC 7515 section 4 requires. */
export interface JwsHeader {
  readonly alg: string
  readonly kid: string | undefined
  readonly typ: string | undefined
  readonly cty: string | undefined
}

/** A JWS in compact serialization (RFC 7515 section 7.1), parsed but not verified: do not trust any of it. */
export interface CompactJws {
  readonly header: JwsHeader
  readonly payload: Uint8Array
  readonly signature: Uint8Array
  /** The three parts as received; the signature covers the encoded header and payload. */
  readonly encoded: { readonly header: string; readonly payload: string; readonly signature: string }
}

/**
 * Members that would control how or with which key a token is verified. Keys never come from the token (RFC 8725
 * section 3.10), no critical extension is supported (RFC 7515 section 4.1.11), the payload is always encoded (RFC
 * 7797), and `enc` marks an encrypted token (RFC 7516 section 9). The thumbprints `x5t` and `x5t#S256` are allowed and
 * ignored: they carry no key, and identity providers send them.
 */
const FORBIDDEN_MEMBERS = ['crit', 'b64', 'jku', 'x5u', 'jwk', 'x5c', 'enc'] as const

/**
 * Parses a token with the strictness of RFC 7515 section 5.2 and RFC 8725.
 *
 * @param token as received; at most TOKEN_CHARS_MAX characters
 * @returns undefined unless the token has three parts of strict base64url and its header is an unambiguous JSON object
 */
export function parseCompactJws(token: string): CompactJws | undefined {
  if (token.length > TOKEN_CHARS_MAX) return undefined
  const parts = token.split('.', 4)
  if (parts.length !== 3) return undefined
  const [headerPart = '', payloadPart = '', signaturePart = ''] = parts
  const headerBytes = decodeBase64url(headerPart)
  const payload = decodeBase64url(payloadPart)
  const signature = decodeBase64url(signaturePart)
  if (headerBytes === undefined || payload === undefined || signature === undefined) return undefined
  // A payload may be empty. A signature is empty only with the algorithm "none".
  if (signature.length === 0) return undefined
  const header = readHeader(parseJsonObject(headerBytes))
  if (header === undefined) return undefined
  return {
    header,
    payload,
    signature,
    encoded: { header: headerPart, payload: payloadPart, signature: signaturePart },
  }
}

function readHeader(json: JsonObject | undefined): JwsHeader | undefined {
  if (json === undefined || FORBIDDEN_MEMBERS.some((name) => Object.hasOwn(json, name))) return undefined
  const { alg, kid, typ, cty } = json
  if (typeof alg !== 'string' || !isOptionalString(kid) || !isOptionalString(typ) || !isOptionalString(cty)) {
    return undefined
  }
  return { alg, kid, typ, cty }
}

import { decodeBase64url } from './base64url.ts'
import { parseJsonObject, type JsonObject } from './strict-json.ts'

/** Longer ones are refused unread. Node.js takes 16 KiB of headers in all. */
export const TOKEN_CHARS_MAX = 8192

/** What a header says that we read. Anything else in it is ignored, as RFC 7515 section 4 wants it. */
export interface JwsHeader {
  readonly alg: string
  readonly kid: string | undefined
  readonly typ: string | undefined
  readonly cty: string | undefined
}

/** A JWS in its compact form (RFC 7515 section 7.1), read and not yet verified: none of it is to be believed. */
export interface CompactJws {
  readonly header: JwsHeader
  readonly payload: Uint8Array
  readonly signature: Uint8Array
  /** The parts as they came; the signature covers the first two as texts. */
  readonly encoded: { readonly header: string; readonly payload: string; readonly signature: string }
}

/**
 * Members that decide how or with what key a token is verified. A key comes from us and never from the token (RFC 8725
 * section 3.10), we know no extension that could be critical (RFC 7515 section 4.1.11), the payload is always encoded
 * (RFC 7797), and what has `enc` says of itself that it is encrypted (RFC 7516 section 9). The thumbprints `x5t` and
 * `x5t#S256` bring no key, and identity providers send them, so they are ignored.
 */
const FORBIDDEN_MEMBERS = ['crit', 'b64', 'jku', 'x5u', 'jwk', 'x5c', 'enc'] as const

/**
 * Reads a token as strictly as RFC 7515 section 5.2 and RFC 8725 ask.
 *
 * @param token as it came; at most TOKEN_CHARS_MAX characters
 * @returns undefined for anything but three parts of strict base64url with a header that is one unambiguous JSON object
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
  // A payload may be empty. A signature is so only with the algorithm "none".
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
  if (typeof alg !== 'string' || !isTextOrAbsent(kid) || !isTextOrAbsent(typ) || !isTextOrAbsent(cty)) {
    return undefined
  }
  return { alg, kid, typ, cty }
}

function isTextOrAbsent(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

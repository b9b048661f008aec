import {
  AUDIENCES_PER_ISSUER_MAX,
  ISSUER_KEYS_MAX,
  ISSUER_NAME_CHARS_MAX,
  JWKS_URL_CHARS_MAX,
} from '@sallyport/core'
import { z } from 'zod'
import { createdAt, createdBy } from './fields/creation.ts'
import { publicJwk } from './signing-keys.ts'

/** A name or a URI (RFC 7519 section 2, StringOrURI). The operation parses it, after its permission check. */
const stringOrUri = z.string().min(1).max(ISSUER_NAME_CHARS_MAX)

export const issuerCreation = z.strictObject({
  issuer: stringOrUri.describe('The exact value of `iss` in its tokens.'),
  // One or several, like "aud" in a token (RFC 7519 section 4.1.3).
  audience: z
    .union([stringOrUri.transform((one) => [one]), z.array(stringOrUri).min(1).max(AUDIENCES_PER_ISSUER_MAX)])
    .describe('Each token must have one of them in `aud`.'),
  jwksUrl: z
    .string()
    .min(1)
    .max(JWKS_URL_CHARS_MAX)
    .nullish()
    .describe('The https URL of its public keys. Send either this or `jwks`.'),
  // People paste the set as the issuer publishes it, with members unknown to us (RFC 7517 sections 4 and 5).
  jwks: z
    .looseObject({
      keys: z
        .array(z.record(z.string(), z.unknown()))
        .min(1)
        .max(ISSUER_KEYS_MAX)
        .describe('Public keys (RFC 7517).'),
    })
    .nullish()
    .describe('Its public keys as a JWK Set. Members that are not needed are not stored.'),
})

export const issuer = z.object({
  id: z.string().describe('The id of the trusted issuer.'),
  issuer: z.string().describe('The exact value of `iss` in its tokens.'),
  audience: z.array(z.string()).describe('Each token must have one of them in `aud`.'),
  jwksUrl: z.string().nullable().describe('The URL of its public keys; null if `jwks` has them.'),
  jwks: z
    .object({ keys: z.array(publicJwk).describe('The keys.') })
    .nullable()
    .describe('Its public keys as a JWK Set; null if they are read from `jwksUrl`.'),
  createdAt,
  createdBy,
})

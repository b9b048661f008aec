import { z } from 'zod'
import { moment } from './fields/timestamp.ts'
import { publicJwk } from './signing-keys.ts'

const NAME_CHARS_MAX = 500
const AUDIENCES_MAX = 20
const JWKS_URL_CHARS_MAX = 2048
const KEYS_MAX = 64

/** A name or a URI (RFC 7519 section 2, StringOrURI). */
const stringOrUri = z.string().min(1).max(NAME_CHARS_MAX)

export const issuerCreation = z.strictObject({
  issuer: stringOrUri.describe('What its tokens have in `iss`, to the letter.'),
  // One or several, as in a token (RFC 7519 section 4.1.3).
  audience: z
    .union([stringOrUri.transform((one) => [one]), z.array(stringOrUri).min(1).max(AUDIENCES_MAX)])
    .describe('One of them is in the `aud` of each token.'),
  jwksUrl: z
    .string()
    .min(1)
    .max(JWKS_URL_CHARS_MAX)
    .nullish()
    .describe('Where its keys are published, with https. Either this or `jwks`.'),
  // A set is pasted as its issuer publishes it, with members that are not known here (RFC 7517 sections 4 and 5).
  jwks: z
    .looseObject({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(KEYS_MAX) })
    .nullish()
    .describe('Its public keys, a JWK Set. What of them is not needed is not kept.'),
})

export const issuer = z.object({
  id: z.string(),
  issuer: z.string(),
  audience: z.array(z.string()),
  jwksUrl: z.string().nullable(),
  jwks: z.object({ keys: z.array(publicJwk) }).nullable(),
  createdAt: moment,
  createdBy: z.string(),
})

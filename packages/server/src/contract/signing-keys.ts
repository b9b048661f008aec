import { OVERLAP_SECONDS_MAX, parseOverlapSeconds, SIGNING_ALGORITHMS } from '@sallyport/core'
import { z } from 'zod'
import { documentedInteger, parsed } from './fields/parsed.ts'
import { createdAt, createdBy } from './fields/creation.ts'
import { timestamp } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'

/** A public key (RFC 7517), as it is published. */
export const publicJwk = z
  .object({
    kty: z.string().describe('The key type: `OKP`, `EC` or `RSA`.'),
    kid: z.string().optional().describe('The id of the key.'),
    alg: z.string().optional().describe('The algorithm of its signatures.'),
    use: z.string().optional().describe('`sig`: for signatures.'),
    crv: z.string().optional().describe('The curve of an `OKP` or `EC` key.'),
    x: z.string().optional().describe('The public key (`OKP`), or its x coordinate (`EC`).'),
    y: z.string().optional().describe('The y coordinate of an `EC` key.'),
    n: z.string().optional().describe('The modulus of an `RSA` key.'),
    e: z.string().optional().describe('The exponent of an `RSA` key.'),
  })
  .describe('The public key as a JWK (RFC 7517).')

/** The body of a rotation; optional. */
export const signingKeyRotation = z
  .strictObject({
    algorithm: z
      .enum([...SIGNING_ALGORITHMS, 'Ed25519'])
      // Both names mean the same algorithm here (RFC 9864 section 2.2); verifiers know the older one.
      .transform((name) => (name === 'Ed25519' ? 'EdDSA' : name))
      .optional()
      .describe('Default: EdDSA, which is Ed25519.'),
    overlapSeconds: parsed(
      documentedInteger({ minimum: 0, maximum: OVERLAP_SECONDS_MAX }),
      parseOverlapSeconds,
    )
      .optional()
      .describe(
        'How long the previous key still verifies, in seconds; 0 invalidates its tokens at once. Default: until every token of a live deployment has expired, and at least an hour.',
      ),
  })
  .nullish()

export const signingKey = z
  .object({
    id: z.string().describe('The `kid` of its tokens.'),
    algorithm: z.enum(SIGNING_ALGORITHMS).describe('The algorithm of its signatures.'),
    state: z
      .enum(['signing', 'verifying', 'retired'])
      .describe(
        '`signing`: signs new tokens. `verifying`: only verifies older ones. `retired`: its tokens have ended.',
      ),
    createdAt,
    createdBy,
    verifiesUntil: timestamp
      .nullable()
      .describe('When its tokens end; null for the key that currently signs.'),
    publicJwk,
  })
  .describe('The key that signs from now on.')

export const signingKeyRotated = z.object({
  signingKey,
  retired: z.array(signingKey).describe('The previous signing key.'),
  receipt,
})

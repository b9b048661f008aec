import { OVERLAP_SECONDS_MAX, parseOverlapSeconds, SIGNING_ALGORITHMS } from '@sallyport/core'
import { z } from 'zod'
import { documentedInteger, parsed } from './fields/parsed.ts'
import { timestamp } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'

/** A public key (RFC 7517), as it is published. */
export const publicJwk = z.object({
  kty: z.string(),
  kid: z.string().optional(),
  alg: z.string().optional(),
  use: z.string().optional(),
  crv: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
  n: z.string().optional(),
  e: z.string().optional(),
})

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

export const signingKey = z.object({
  id: z.string().describe('The `kid`.'),
  algorithm: z.enum(SIGNING_ALGORITHMS),
  state: z.enum(['signing', 'verifying', 'retired']),
  createdAt: timestamp,
  createdBy: z.string(),
  verifiesUntil: timestamp.nullable().describe('Null for the key that currently signs.'),
  publicJwk,
})

export const signingKeyRotated = z.object({
  signingKey,
  retired: z.array(signingKey).describe('The previous signing key.'),
  receipt,
})

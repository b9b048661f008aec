import { SIGNING_ALGORITHMS } from '@sallyport/core'
import { z } from 'zod'
import { moment } from './fields/timestamp.ts'
import { receipt } from './fields/receipt.ts'

const OVERLAP_SECONDS_MAX = 365 * 24 * 60 * 60

/** The public half of a key (RFC 7517), as it is published. */
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

/** May be left out altogether. */
export const signingKeyRotation = z
  .strictObject({
    algorithm: z
      .enum([...SIGNING_ALGORITHMS, 'Ed25519'])
      // The two names are one algorithm here (RFC 9864 section 2.2); verifiers know the older one.
      .transform((name) => (name === 'Ed25519' ? 'EdDSA' : name))
      .optional()
      .describe('EdDSA, which is Ed25519, unless given.'),
    overlapSeconds: z
      .int()
      .min(0)
      .max(OVERLAP_SECONDS_MAX)
      .optional()
      .describe(
        'How long tokens of the key before are accepted; 0 ends them at once. Unless given, as long as the longest-lived token of what is live may still be in use, and an hour at least.',
      ),
  })
  .nullish()

export const signingKey = z.object({
  id: z.string().describe('The `kid`.'),
  algorithm: z.enum(SIGNING_ALGORITHMS),
  state: z.enum(['signing', 'verifying', 'retired']),
  createdAt: moment,
  createdBy: z.string(),
  verifiesUntil: moment.nullable().describe('Null for the key that signs.'),
  publicJwk,
})

export const signingKeyRotated = z.object({
  signingKey,
  retired: z.array(signingKey).describe('The key that signed before.'),
  receipt,
})

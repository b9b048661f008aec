import { HAND_OVER_HOURS_MAX, parseHandOverHours } from '@sallyport/core'
import { z } from 'zod'
import { createdAt, createdBy } from '../fields/creation.ts'
import { reference } from '../fields/names.ts'
import { documentedInteger, parsed } from '../fields/parsed.ts'
import { credentialText } from '../fields/people.ts'
import { timestamp } from '../fields/timestamp.ts'

/** How to hand a new token over, instead of answering with it. */
export const handOverTerms = z
  .strictObject({
    expiresInHours: parsed(
      documentedInteger({ minimum: 1, maximum: HAND_OVER_HOURS_MAX }),
      parseHandOverHours,
    ).describe('How long the link can be opened, in hours. It ends with the key at the latest.'),
  })
  .describe('Answers with a link that shows the token once, instead of with the token. Not for a public key.')

const id = z.string().describe('The id of the hand-over.')
const expiresAt = timestamp.describe('Until when the link can be opened.')

export const handOverCreated = z.object({
  id,
  link: z
    .string()
    .describe('Shows the token once. Shown here only once; send it to the person who needs it.'),
  expiresAt,
})

export const handOver = z.object({
  id,
  key: z.string().describe('The id of the key.'),
  environment: z.string().nullable().describe('The environment of the key; null if it has none.'),
  state: z
    .enum(['pending', 'opened', 'expired', 'withdrawn'])
    .describe('Whether the link can still be opened, or how it ended.'),
  createdAt,
  createdBy,
  expiresAt,
  endedAt: timestamp.nullable().describe('When it was opened, expired or withdrawn; null while pending.'),
  openedAt: timestamp.nullable().describe('When it was opened; null if it was not.'),
  address: z.string().nullable().describe('From which IP address it was opened; null if it was not.'),
  userAgent: z.string().nullable().describe('By which `User-Agent` it was opened, as far as it sent one.'),
})

export const handOverOpening = z.strictObject({
  id: reference.describe('The part of the link between `#` and the dot.'),
  proof: credentialText.describe(
    'Derived from the part of the link after the dot, as ASCII text: 32 bytes of HKDF-SHA-256 without salt, with the info `sallyport hand-over proof`, in base64url.',
  ),
})

export const handOverOpened = z.object({
  organization: z
    .object({
      slug: z.string().describe('The slug of the organization.'),
      name: z.string().describe('The name of the organization.'),
    })
    .describe('The organization of the key.'),
  key: z
    .object({
      id: z.string().describe('The id of the key. It is not secret.'),
      name: z.string().describe('The name for people to read.'),
      environment: z.string().nullable().describe('The only environment in which it works; null for all.'),
      expiresAt: timestamp.nullable().describe('When the key expires; null for never.'),
    })
    .describe('The key.'),
  nonce: z.string().describe('The nonce of the ciphertext: 12 bytes in base64url.'),
  ciphertext: z
    .string()
    .describe(
      'The token, encrypted with AES-256-GCM, with the tag at the end, in base64url. The key is derived like the proof, with the info `sallyport hand-over key`; the additional data is the id of the hand-over.',
    ),
})

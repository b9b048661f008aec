import { parseRotationDays, ROTATION_DAYS_MAX, ROTATION_PROBLEMS } from '@sallyport/core'
import { z } from 'zod'
import { reference } from '../fields/names.ts'
import { documentedInteger, parsed } from '../fields/parsed.ts'
import { timestamp } from '../fields/timestamp.ts'
import { handOverTerms } from './hand-overs.ts'

export const rotationSetting = z.strictObject({
  rotateEveryDays: parsed(
    documentedInteger({ minimum: 1, maximum: ROTATION_DAYS_MAX }),
    parseRotationDays,
  ).describe('How many days after the creation of its newest secret the key is rolled.'),
  webhook: reference.describe(
    'The id of the webhook that receives each new token. Its events must include `key.rotated`.',
  ),
  handOver: z
    .strictObject(handOverTerms.shape)
    .optional()
    .describe('Sends a link that shows the token once, instead of the token.'),
})

export const rotation = z.object({
  rotateEveryDays: z
    .int()
    .describe('How many days after the creation of its newest secret the key is rolled.'),
  webhook: z.string().describe('The id of the webhook that receives each new token.'),
  handOver: z
    .object({ expiresInHours: z.int().describe('How long each link can be opened, in hours.') })
    .nullable()
    .describe('How a link is sent instead of the token; null to send the token.'),
  state: z
    .enum(['scheduled', 'delivering'])
    .describe('`delivering`: a new token was made and has not arrived yet. The old one works until then.'),
  nextRotationAt: timestamp
    .nullable()
    .describe('When the key is rolled next, or tried again after a problem; null while delivering.'),
  lastRotatedAt: timestamp.nullable().describe('When a new token arrived last; null for never.'),
  problem: z
    .object({
      code: z.enum(ROTATION_PROBLEMS).describe('What is wrong.'),
      detail: z.string().describe('What happened, and what to do next.'),
      since: timestamp.describe('Since when.'),
    })
    .nullable()
    .describe('Why the key was not rolled, or why its roll was undone; null if nothing is wrong.'),
  updatedAt: timestamp.describe('When the rotation was set.'),
  updatedBy: z
    .string()
    .describe('The id of the key or member that set it, in whose place the key is rolled.'),
})

import { LEAK_SOURCES } from '@sallyport/core'
import { z } from 'zod'
import { timestamp } from '../fields/timestamp.ts'

export const leak = z.object({
  id: z.string().describe('The id of the leak.'),
  key: z.string().describe('The id of the key.'),
  environment: z.string().nullable().describe('The environment of the key; null if it has none.'),
  source: z.enum(LEAK_SOURCES).describe('Who found it.'),
  url: z.string().nullable().describe('Where it was found; null if the source did not say.'),
  live: z.boolean().describe('Whether the secret worked when the leak was reported.'),
  switchedOff: z.boolean().describe('Whether the key was switched off because of it.'),
  createdAt: timestamp.describe('When it was reported.'),
})

/** What GitHub sends. It can add members at any time, so unknown ones are ignored. */
export const gitHubReport = z.array(
  z
    .object({
      token: z.string().describe('The text that was found.'),
      type: z.string().describe('The name of the format, as agreed with GitHub.'),
      url: z.string().default('').describe('Where it was found.'),
      source: z.string().optional().describe('What was searched, such as `content`.'),
    })
    .describe('A text that looks like a token.'),
)

export const gitHubFeedback = z.array(
  z.object({
    token_hash: z.string().describe('SHA-256 of the text, in base64.'),
    token_type: z.string().describe('The `type` of the finding.'),
    label: z
      .enum(['true_positive', 'false_positive'])
      .describe('Whether the text is the secret of a secret key.'),
  }),
)

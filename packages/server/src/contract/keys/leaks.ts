import { LEAK_SOURCES } from '@sallyport/core'
import { z } from 'zod'
import { reference } from '../fields/names.ts'
import { pageQuery } from '../fields/paging.ts'
import { timestamp } from '../fields/timestamp.ts'

export const leakFilter = pageQuery.extend({
  environment: reference.optional().describe('Only leaks of keys of this environment.'),
  key: reference.optional().describe('Only leaks of the key with this id.'),
})

export const leak = z.object({
  id: z.string().describe('The id of the leak.'),
  key: z.string().describe('The id of the key.'),
  keyName: z.string().describe('The name of the key.'),
  hint: z
    .string()
    .nullable()
    .describe('The `hint` of the secret that was found; null if the key has that secret no more.'),
  environment: z.string().nullable().describe('The environment of the key; null if it has none.'),
  source: z.enum(LEAK_SOURCES).describe('Who found it.'),
  url: z.string().nullable().describe('Where it was found; null if the source did not say.'),
  live: z.boolean().describe('Whether the secret worked when the leak was reported.'),
  stillLive: z
    .boolean()
    .describe(
      'Whether the secret works now. A roll ends it, and so does what ends the key or switches it off.',
    ),
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

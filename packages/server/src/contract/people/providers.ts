import { parseReturnPath, RETURN_PATH, RETURN_PATH_CHARS_MAX, HOME_PATH } from '@sallyport/core'
import { z } from 'zod'
import { documentedString, parsed } from '../fields/parsed.ts'
import { timestamp } from '../fields/timestamp.ts'

const id = z.string().describe('The id of the provider in the settings.')
const name = z.string().describe('The name of the provider, for people to read.')
const next = z.null().describe('Always null: all are in this answer.')

export const providerList = z.object({
  items: z.array(z.object({ id, name })).describe('The providers, in the order of the settings.'),
  next,
})

export const providerBegin = z.strictObject({
  returnTo: parsed(
    documentedString({ maxLength: RETURN_PATH_CHARS_MAX, pattern: RETURN_PATH }),
    parseReturnPath,
  )
    .default(HOME_PATH)
    .describe('The path of this server that the browser comes back to.'),
})

export const providerBegun = z.object({
  url: z
    .string()
    .describe('Where the browser goes now: to the provider. It comes back with the cookie of this answer.'),
})

export const linkedProviderList = z.object({
  items: z
    .array(
      z.object({
        id,
        name,
        email: z
          .string()
          .nullable()
          .describe('The e-mail address of the account when it was linked; null if the provider has none.'),
        linkedAt: timestamp.describe('When the account was linked.'),
      }),
    )
    .describe('The accounts that sign this person in, by provider.'),
  next,
})

import { parseSecretName, parseSecretValue } from '@sallyport/core'
import { z } from 'zod'
import { createdAt } from './fields/creation.ts'
import { reference } from './fields/names.ts'
import { parsed } from './fields/parsed.ts'
import { timestamp } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'

/** The path parameters of a secret that is set: its name must be valid. */
export const secretPath = z.strictObject({
  organization: reference,
  environment: reference,
  name: parsed(
    z.string().describe('1 to 64 characters of A-Z, 0-9 and "_", starting with a letter.'),
    parseSecretName,
  ),
})

export const secretChange = z.strictObject({
  value: parsed(z.string().describe('No response contains it.'), parseSecretValue),
})

export const secret = z
  .object({
    name: z.string().describe('The name in `{secrets.NAME}`.'),
    createdAt,
    updatedAt: timestamp.describe('When the value was set.'),
    updatedBy: z.string().describe('Who set the value: the id of a key.'),
  })
  .describe('The secret, without its value.')

export const secretPut = z.object({ secret, receipt })

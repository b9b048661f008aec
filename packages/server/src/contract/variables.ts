import { parseVariableName, parseVariableValue } from '@sallyport/core'
import { z } from 'zod'
import { createdAt } from './fields/creation.ts'
import { reference } from './fields/names.ts'
import { parsed } from './fields/parsed.ts'
import { timestamp } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'

/** The path parameters of a variable that is set: its name must be valid. */
export const variablePath = z.strictObject({
  organization: reference,
  environment: reference,
  name: parsed(
    z.string().describe('1 to 64 characters of A-Z, 0-9 and "_", starting with a letter.'),
    parseVariableName,
  ),
})

export const variableChange = z.strictObject({
  value: parsed(z.string().describe('1 to 4096 visible ASCII characters.'), parseVariableValue),
})

export const variable = z
  .object({
    name: z.string().describe('The name in `{vars.NAME}`.'),
    value: z.string().describe('The value. It is not a secret.'),
    createdAt,
    updatedAt: timestamp.describe('When the value was set.'),
    updatedBy: z.string().describe('Who set the value: the id of a key or a person.'),
  })
  .describe('The variable.')

export const variablePut = z.object({ variable, receipt })

import { isSecretName, isSecretValue, SECRET_VALUE_CHARS_MAX } from '@sallyport/core'
import { z } from 'zod'
import { moment } from './fields/timestamp.ts'
import { reference } from './fields/names.ts'
import { receipt } from './fields/receipt.ts'

/** Where a secret is put: its name must be one. */
export const secretPlace = z.strictObject({
  org: reference,
  env: reference,
  name: z
    .string()
    .refine(
      isSecretName,
      'A secret is named with 1 to 64 of A-Z, 0-9 and "_", and its name starts with a letter.',
    )
    .describe('1 to 64 of A-Z, 0-9 and "_", a letter first.'),
})

export const secretChange = z.strictObject({
  value: z
    .string()
    .refine(
      isSecretValue,
      `A value is 1 to ${SECRET_VALUE_CHARS_MAX} characters that a header can hold: visible ASCII, with spaces inside.`,
    )
    .describe('Never read back.'),
})

export const secret = z.object({
  name: z.string(),
  createdAt: moment,
  updatedAt: moment.describe('When the value was set.'),
  updatedBy: z.string(),
})

export const secretPut = z.object({ secret, receipt })

import { z } from 'zod'
import { timestamp } from '../fields/timestamp.ts'

export const secondFactor = z.object({
  authenticator: z
    .object({ confirmedAt: timestamp.describe('When the first code of the app was verified.') })
    .nullable()
    .describe('The authenticator app; null if there is none, or its first code was not verified yet.'),
  recoveryCodesLeft: z.int().describe('How many recovery codes are left.'),
})

export const authenticatorBegun = z.object({
  secret: z.string().describe('The secret in base32, to type into an authenticator app. Shown once.'),
  uri: z.string().describe('The same as an `otpauth://` URI, to show as a QR code.'),
})

export const recoveryCodes = z.object({
  recoveryCodes: z
    .array(z.string())
    .describe(
      'Each replaces one code of the authenticator app. Shown once: keep them outside of this device.',
    ),
})

import { PERMISSIONS } from '@sallyport/core'
import { z } from 'zod'
import { reference } from './fields/names.ts'

const TOKEN_CHARS_MAX = 512
const METHOD_CHARS_MAX = 32

export const verifyRequest = z.strictObject({
  token: z.string().min(1).max(TOKEN_CHARS_MAX),
  environment: reference.optional(),
  pipeline: reference.optional(),
  permission: z.enum(PERMISSIONS).optional(),
  method: z
    .string()
    .max(METHOD_CHARS_MAX)
    .regex(/^[A-Za-z]+$/, 'A method is made of letters.')
    .optional(),
  address: z
    .union([z.ipv4(), z.ipv6()], { error: 'An address is an IPv4 or IPv6 address.' })
    .optional()
    .describe('Where the caller is, for the address rules of the key.'),
})

export const verifyAnswer = z.object({
  valid: z.boolean(),
  code: z.string().describe('`valid`, or the code of the refusal.'),
  key: z
    .object({ id: z.string(), type: z.enum(['public', 'secret']), environment: z.string().nullable() })
    .optional()
    .describe('Once the secret was a right one, also where the key does not go on.'),
  consumer: z.object({ id: z.string() }).nullable().optional(),
  organization: z.string().optional(),
  roles: z.array(z.string()).optional(),
  asOfRevision: z.int(),
})

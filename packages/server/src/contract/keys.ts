import {
  ADDRESS_RULES_PER_KEY_MAX,
  GRACE_SECONDS_MAX,
  parseGraceSeconds,
  PERMISSIONS,
  ROLES_PER_KEY_MAX,
} from '@sallyport/core'
import { z } from 'zod'
import { parseAddressRule } from '../address/address-rules.ts'
import { reference, title } from './fields/names.ts'
import { pageQuery } from './fields/paging.ts'
import { documentedInteger, parsed } from './fields/parsed.ts'
import { keyRateLimits } from './fields/rate-limits.ts'
import { timestamp, timestampToMs } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'

const TOKEN_CHARS_MAX = 512
const METHOD_CHARS_MAX = 32
/** As many characters as a gateway reads of a JWT, and of a request target. */
const JWT_CHARS_MAX = 8192
const PATH_CHARS_MAX = 8192
const BASIC_CHARS_MAX = 256

const roles = z.array(reference).max(ROLES_PER_KEY_MAX)
const expiresAt = timestampToMs.nullable()

const addressOrRange = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], {
  error: 'Use an IP address or a range, such as 192.0.2.7, 203.0.113.0/24 or 2001:db8::/32.',
})
const addressRules = z.array(parsed(addressOrRange, parseAddressRule)).max(ADDRESS_RULES_PER_KEY_MAX)

/** What limits a key besides its permissions. */
export const keyBounds = z.strictObject({
  expiresAt: expiresAt.optional(),
  addressRules: addressRules.optional(),
  rateLimits: keyRateLimits.optional(),
})

export const keyCreation = z.strictObject({
  name: title,
  type: z.enum(['public', 'secret']),
  environment: reference.nullable().optional(),
  consumer: reference.nullable().optional().describe('The id of the consumer that owns the key.'),
  roles: roles.optional(),
  ...keyBounds.shape,
})

export const keyChange = z.strictObject({
  name: title.optional(),
  status: z.enum(['active', 'inactive']).optional(),
  roles: roles.optional(),
  ...keyBounds.shape,
})

/** The body of a roll; optional. */
export const keyRoll = z
  .strictObject({
    graceSeconds: parsed(documentedInteger({ minimum: 0, maximum: GRACE_SECONDS_MAX }), parseGraceSeconds)
      .optional()
      .describe('How long the old secret still works, in seconds. Default: 12 hours.'),
  })
  .nullish()

export const keyFilter = pageQuery.extend({
  environment: reference.optional(),
  consumer: reference.optional(),
  includeDeleted: z
    .enum(['true', 'false'])
    .default('false')
    .transform((text) => text === 'true'),
})

export const key = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(['public', 'secret']),
  environment: z.string().nullable(),
  consumer: z.string().nullable(),
  roles: z.array(z.string()),
  state: z.enum(['active', 'rolling', 'inactive', 'expired', 'deleted']),
  status: z.enum(['active', 'inactive']).describe('Whether the key is switched on.'),
  createdAt: timestamp,
  createdBy: z.string(),
  expiresAt: timestamp.nullable(),
  secrets: z.array(
    z.object({
      hint: z.string(),
      createdAt: timestamp,
      expiresAt: timestamp.nullable(),
      requests: z.int(),
      lastUsedAt: timestamp.nullable(),
      lastUsedAddress: z.string().nullable(),
    }),
  ),
  freshness: z.enum(['fresh', 'due', 'overdue']),
  addressRules: z.array(z.string()),
  rateLimits: z.array(z.object({ requests: z.int(), per: z.string(), by: z.string() })),
})

/** A key in a read; a public key includes its token. */
export const keyRead = key.extend({ token: z.string().optional().describe('Only for a public key.') })

export const keyCreated = z.object({
  key,
  token: z.string().describe('The token of a secret key is shown only once.'),
})

/** The response to a roll, which ends the old secret at once if there is no grace. */
export const keyRolled = keyCreated.extend({ receipt })

export const keyChanged = z.object({ key, receipt })

/** The body of a verification: credentials, and the call that they are checked against. */
export const verifyRequest = z.strictObject({
  token: z.string().min(1).max(TOKEN_CHARS_MAX).optional().describe('The token of an API key.'),
  jwt: z.string().min(1).max(JWT_CHARS_MAX).optional(),
  basic: z
    .strictObject({
      username: z.string().min(1).max(BASIC_CHARS_MAX),
      password: z.string().max(BASIC_CHARS_MAX),
    })
    .optional(),
  environment: reference.optional().describe('Needed with jwt, basic, pipeline and path.'),
  pipeline: reference.optional(),
  permission: z.enum(PERMISSIONS).optional(),
  method: z
    .string()
    .max(METHOD_CHARS_MAX)
    .regex(/^[A-Za-z]+$/, 'A method consists of letters.')
    .optional(),
  path: z
    .string()
    .max(PATH_CHARS_MAX)
    .regex(/^\//, 'A path starts with "/".')
    .optional()
    .describe('The path of the call within the environment, such as /orders/7.'),
  address: z
    .union([z.ipv4(), z.ipv6()], { error: 'Use an IPv4 or IPv6 address.' })
    .optional()
    .describe("The caller's address, for the address rules of the key."),
})

export const verifyAnswer = z.object({
  valid: z.boolean(),
  code: z.string().describe('`valid`, or the code of the refusal.'),
  missing: z
    .array(z.enum(['token', 'jwt', 'basic', 'address']))
    .optional()
    .describe('The fields of the request that the pipeline or the key demands and that were not sent.'),
  key: z
    .object({ id: z.string(), type: z.enum(['public', 'secret']), environment: z.string().nullable() })
    .optional()
    .describe(
      'Present if the token contains a secret of a key that you may know about, even if the key is refused.',
    ),
  consumer: z.object({ id: z.string() }).nullable().optional(),
  organization: z.string().optional(),
  roles: z.array(z.string()).optional(),
  asOfRevision: z.int(),
})

import { ROLES_PER_KEY_MAX } from '@sallyport/core'
import { z } from 'zod'
import { addressRules } from './fields/address-rules.ts'
import { moment, momentToMs } from './fields/timestamp.ts'
import { displayName, reference } from './fields/names.ts'
import { pageQuery } from './fields/paging.ts'
import { keyRateLimits } from './fields/rate-limits.ts'
import { receipt } from './fields/receipt.ts'

const roles = z.array(reference).max(ROLES_PER_KEY_MAX)
const expiresAt = momentToMs.nullable()

export const keyCreation = z.strictObject({
  name: displayName,
  type: z.enum(['public', 'secret']),
  environment: reference.nullable().optional(),
  consumer: reference.nullable().optional().describe('The id of the consumer that holds the key.'),
  roles: roles.optional(),
  expiresAt: expiresAt.optional(),
  addressRules: addressRules.optional(),
  rateLimits: keyRateLimits.optional(),
})

export const keyChange = z.strictObject({
  name: displayName.optional(),
  status: z.enum(['active', 'inactive']).optional(),
  expiresAt: expiresAt.optional(),
  roles: roles.optional(),
  addressRules: addressRules.optional(),
  rateLimits: keyRateLimits.optional(),
})

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
  status: z.enum(['active', 'inactive']).describe('What the switch says, whatever else ends the key.'),
  createdAt: moment,
  createdBy: z.string(),
  expiresAt: moment.nullable(),
  secrets: z.array(
    z.object({
      hint: z.string(),
      createdAt: moment,
      expiresAt: moment.nullable(),
      requests: z.int(),
      lastUsedAt: moment.nullable(),
      lastUsedAddress: z.string().nullable(),
    }),
  ),
  freshness: z.enum(['fresh', 'due', 'overdue']),
  addressRules: z.array(z.string()),
  rateLimits: z.array(z.object({ requests: z.int(), per: z.string(), by: z.string() })),
})

/** A key that is read: the token of a public one is no secret. */
export const keyRead = key.extend({ token: z.string().optional().describe('Only of a public key.') })

export const keyCreated = z.object({ key, token: z.string().describe('A secret one is shown this once.') })

export const keyChanged = z.object({ key, receipt })

/** The answer to founding an organization: with its owner's key. */
export function ownerKeyAnswer<Organization extends z.ZodType>(organization: Organization) {
  return z.object({ organization, key, token: z.string().describe('Shown this once.') })
}

import { ADDRESS_RULES_PER_KEY_MAX, ROLES_PER_KEY_MAX } from '@sallyport/core'
import { z } from 'zod'
import { createdBy } from './fields/creation.ts'
import { addressRules } from './fields/address-rules.ts'
import { reference, title } from './fields/names.ts'
import { keyRateLimits, rateLimit } from './fields/rate-limits.ts'
import { timestamp } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'
import { defaults } from './requests/null-members.ts'

const roles = z
  .array(reference)
  .min(1, 'Name at least one role. To end what the key may do here, switch it off or remove it.')
  .max(ROLES_PER_KEY_MAX)
  .describe('The roles that the key has here. You can only give permissions that you have.')

const bounds = {
  addressRules: addressRules
    .optional()
    .describe(
      'The addresses and ranges from which the key works here, besides those of its owner; empty for all.',
    ),
  rateLimits: keyRateLimits
    .optional()
    .describe('The rate limits of the key here, besides those of its owner; empty for none.'),
}

export const externalKeyCreation = z.strictObject({
  keyId: reference.describe('The id of a secret key of another organization, which its owner tells you.'),
  label: title.optional().describe('Your name for the key. Spaces at its ends are removed.'),
  roles,
  ...bounds,
})

export const externalKeyChange = z.strictObject({
  label: title.nullable().optional().describe('Your name for the key; null for none.'),
  roles: roles.optional(),
  status: z
    .enum(['active', 'inactive'])
    .register(defaults, { value: 'active' })
    .optional()
    .describe('`inactive` makes every gateway refuse the key here until it is `active` again.'),
  ...bounds,
})

export const externalKey = z.object({
  id: z.string().describe('The id of the external key.'),
  keyId: z.string().describe('The id of the key in its own organization.'),
  owner: z
    .object({
      slug: z.string().describe('The slug of the organization that owns the key.'),
      name: z.string().describe('The name of the organization that owns the key.'),
    })
    .describe('The organization that owns the key.'),
  label: z.string().nullable().describe('Your name for the key; null for none.'),
  roles: z.array(z.string()).describe('The roles that the key has here, and nothing else.'),
  addedAt: timestamp.describe('When it was added.'),
  addedBy: createdBy.describe('The id of who added it.'),
  status: z.enum(['active', 'inactive']).describe('Whether the key works here now.'),
  reason: z
    .enum(['switched_off_here', 'owner_inactive', 'owner_expired', 'owner_deleted', 'owner_forbids'])
    .optional()
    .describe('Why the key does not work; only while it is `inactive`.'),
  lastUsedAt: timestamp
    .nullable()
    .describe('When a gateway last decided a request with the key here; null for none.'),
  addressRules: z
    .array(z.string())
    .max(ADDRESS_RULES_PER_KEY_MAX)
    .describe('The addresses and ranges from which the key works here, besides those of its owner.'),
  rateLimits: z.array(rateLimit).describe('The rate limits of the key here, besides those of its owner.'),
})

export const externalKeyChanged = z.object({
  externalKey: externalKey.describe('The external key after the change.'),
  receipt,
})

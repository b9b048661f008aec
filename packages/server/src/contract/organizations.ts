import { LEAK_REACTIONS, type LeakReaction, ORGANIZATION_COLORS, OWNER_MAIL_EVENTS } from '@sallyport/core'
import { z } from 'zod'
import { slug, title } from './fields/names.ts'
import { createdAt } from './fields/creation.ts'
import { key } from './keys.ts'
import { receipt } from './receipt.ts'
import { defaults } from './requests/null-members.ts'

export const organizationCreation = z.strictObject({
  slug: slug.describe('The name of the organization in URLs. It never changes.'),
  name: title.describe('The name for people to read. Spaces at its ends are removed.'),
})

/** The colour of an organization. */
export const color = z
  .enum(ORGANIZATION_COLORS)
  .nullable()
  .describe('The colour of the organization on the portal page of its consumers; null for none.')

const onLeak = z
  .enum(LEAK_REACTIONS)
  .describe(
    'What happens when the secret of a key is found in public: its owners are told, or the key is switched off too.',
  )

const ownerMails = z
  .array(z.enum(OWNER_MAIL_EVENTS))
  .describe(
    'The types of events that the owners who are people get by mail, if the server sends mails. Their order does not matter.',
  )

export const organizationChange = z.strictObject({
  name: title.describe('The name for people to read. Spaces at its ends are removed.').optional(),
  color: color.optional(),
  onLeak: onLeak.register(defaults, { value: 'notify' satisfies LeakReaction }).optional(),
  ownerMails: ownerMails.max(OWNER_MAIL_EVENTS.length).optional(),
})

export const organization = z
  .object({
    slug: z.string().describe('The name of the organization in URLs. It never changes.'),
    name: z.string().describe('The name for people to read. Spaces at its ends are removed.'),
    color,
    onLeak,
    ownerMails,
    createdAt,
  })
  .describe('The organization.')

/** A new organization with the key of its owner. */
export const organizationCreated = z.object({
  organization,
  key: key.describe('The key `Owner`, with the role `owner`.'),
  token: z.string().describe('The token of the owner key. Shown only once.'),
})

export const organizationChanged = z.object({ organization, receipt })

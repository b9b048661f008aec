import { z } from 'zod'
import { slug, title } from './fields/names.ts'
import { createdAt } from './fields/creation.ts'
import { key } from './keys.ts'
import { receipt } from './receipt.ts'

export const organizationCreation = z.strictObject({
  slug: slug.describe('The name of the organization in URLs. It never changes.'),
  name: title.describe('The name for people to read. Spaces at its ends are removed.'),
})

export const organizationChange = z.strictObject({
  name: title.describe('The name for people to read. Spaces at its ends are removed.'),
})

export const organization = z
  .object({
    slug: z.string().describe('The name of the organization in URLs. It never changes.'),
    name: z.string().describe('The name for people to read. Spaces at its ends are removed.'),
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

import { z } from 'zod'
import { slug, title } from './fields/names.ts'
import { timestamp } from './fields/timestamp.ts'
import { key } from './keys.ts'
import { receipt } from './receipt.ts'

export const organizationCreation = z.strictObject({ slug, name: title })

export const organizationChange = z.strictObject({ name: title })

export const organization = z.object({ slug: z.string(), name: z.string(), createdAt: timestamp })

/** A new organization with the key of its owner. */
export const organizationCreated = z.object({
  organization,
  key,
  token: z.string().describe('Shown only once.'),
})

export const organizationChanged = z.object({ organization, receipt })

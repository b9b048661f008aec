import { z } from 'zod'
import { ownerKeyAnswer } from './keys.ts'
import { moment } from './fields/timestamp.ts'
import { displayName, slug } from './fields/names.ts'
import { receipt } from './fields/receipt.ts'

export const organizationCreation = z.strictObject({ slug, name: displayName })

export const organizationChange = z.strictObject({ name: displayName })

export const organization = z.object({ slug: z.string(), name: z.string(), createdAt: moment })

export const organizationCreated = ownerKeyAnswer(organization)

export const organizationChanged = z.object({ organization, receipt })

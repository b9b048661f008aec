import { z } from 'zod'
import { moment } from './fields/timestamp.ts'
import { resourceName } from './fields/names.ts'
import { receipt } from './fields/receipt.ts'

const POSITION_MAX = 1000

const position = z.int().min(0).max(POSITION_MAX).describe('The order of promotion: 0 comes first.')

export const environmentCreation = z.strictObject({ name: resourceName, position: position.optional() })

export const environmentChange = z.strictObject({ position })

export const environment = z.object({ name: z.string(), position: z.int(), createdAt: moment })

export const environmentChanged = z.object({ environment, receipt })

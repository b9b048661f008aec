import { z } from 'zod'
import { moment } from './moment.ts'
import { reference } from './names.ts'
import { pageQuery } from './paging.ts'
import { warning } from './violations.ts'

/** Majors and minors of at most six digits: far more saves than anybody makes. */
const VERSION = /^[1-9]\d{0,5}\.(?:0|[1-9]\d{0,5})$/

export const deploymentCreation = z.strictObject({
  pipeline: reference,
  version: z.string().regex(VERSION, 'A version is major.minor, such as "1.0".'),
  environment: reference,
  dryRun: z.boolean().default(false).describe('Pass the gate, and deploy nothing.'),
})

export const deploymentFilter = pageQuery.extend({
  environment: reference.optional(),
  pipeline: reference.optional(),
})

export const deployment = z.object({
  id: z.string(),
  pipeline: z.string(),
  project: z.string(),
  version: z.string(),
  environment: z.string(),
  url: z.string().nullable().describe('Where callers reach it; null for a schedule.'),
  createdAt: moment,
  createdBy: z.string(),
})

export const deploymentCreated = deployment.extend({
  id: z.string().nullable().describe('Null where it was only tried.'),
  replaced: z.string().nullable().describe('The deployment whose place it took.'),
  warnings: z.array(warning),
})

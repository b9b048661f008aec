import { z } from 'zod'
import { moment } from './fields/timestamp.ts'
import { reference } from './fields/names.ts'
import { pageQuery } from './fields/paging.ts'
import { warning } from './fields/violations.ts'

/** Majors and minors of at most six digits: far more saves than anybody makes. */
const VERSION = /^[1-9]\d{0,5}\.(?:0|[1-9]\d{0,5})$/

const DEPLOYMENT_STATES = ['live', 'ended', 'all'] as const

const dryRun = z.boolean().default(false).describe('Pass the gate, and deploy nothing.')

export const deploymentCreation = z.strictObject({
  pipeline: reference,
  version: z.string().regex(VERSION, 'A version is major.minor, such as "1.0".'),
  environment: reference,
  dryRun,
})

/** What a promotion takes. */
export const promotion = z.strictObject({ environment: reference, dryRun })

/** What a rollback and a redeployment take. It may be left out altogether: everything else is known. */
export const repetition = z.strictObject({ dryRun }).nullish()

export const deploymentFilter = pageQuery.extend({
  state: z.enum(DEPLOYMENT_STATES).default('live'),
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
  endedAt: moment.nullable().describe('When it was replaced or taken down; null while it is live.'),
  endedBy: z.string().nullable(),
  replacedBy: z.string().nullable().describe('The deployment that took its place; null where none did.'),
})

const probe = z
  .object({
    checkedAt: moment,
    alarm: z.boolean().describe('Whether a route that should ask its callers for something does not.'),
    results: z.array(
      z.object({
        method: z.string(),
        route: z.string(),
        outcome: z.string().describe('`allow`, or the code of the refusal.'),
        alarm: z.boolean(),
      }),
    ),
  })
  .nullable()
  .describe('What a stranger got just after it went live; null where that was not found out.')

export const deploymentRead = deployment.extend({ probe })

export const deploymentCreated = deployment.extend({
  id: z.string().nullable().describe('Null where it was only tried.'),
  replaced: z.string().nullable().describe('The deployment whose place it took.'),
  warnings: z.array(warning),
  probe,
})

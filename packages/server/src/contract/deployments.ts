import { parseVersion, VERSION } from '@sallyport/core'
import { z } from 'zod'
import { reference } from './fields/names.ts'
import { pageQuery } from './fields/paging.ts'
import { documentedString, parsed } from './fields/parsed.ts'
import { timestamp } from './fields/timestamp.ts'
import { warning } from './violations.ts'

const DEPLOYMENT_STATES = ['live', 'ended', 'all'] as const

const dryRun = z.boolean().default(false).describe('Check the gate without deploying.')

export const deploymentCreation = z.strictObject({
  pipeline: reference,
  version: parsed(documentedString({ pattern: VERSION }), parseVersion),
  environment: reference,
  dryRun,
})

/** The body of a promotion. */
export const promotion = z.strictObject({ environment: reference, dryRun })

/** The body of a rollback or a redeployment; optional, because everything else is known. */
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
  url: z.string().nullable().describe('The URL for callers; null for a schedule.'),
  createdAt: timestamp,
  createdBy: z.string(),
  endedAt: timestamp.nullable().describe('When it was replaced or removed; null while it is live.'),
  endedBy: z.string().nullable(),
  replacedBy: z.string().nullable().describe('The deployment that replaced it; null if none did.'),
})

const probe = z
  .object({
    checkedAt: timestamp,
    alarm: z.boolean().describe('Whether a route that should demand credentials does not.'),
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
  .describe(
    'The responses to an anonymous caller just after the deployment went live; null if it was not probed.',
  )

export const deploymentRead = deployment.extend({ probe })

export const deploymentCreated = deployment.extend({
  id: z.string().nullable().describe('Null after a dry run.'),
  replaced: z.string().nullable().describe('The deployment that it replaced; null if there was none.'),
  warnings: z.array(warning),
  probe,
})

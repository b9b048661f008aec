import { parseVersion, VERSION } from '@sallyport/core'
import { z } from 'zod'
import { reference } from './fields/names.ts'
import { pageQuery } from './fields/paging.ts'
import { documentedString, parsed } from './fields/parsed.ts'
import { createdAt, createdBy } from './fields/creation.ts'
import { timestamp } from './fields/timestamp.ts'
import { receipt } from './receipt.ts'
import { warning } from './violations.ts'

const DEPLOYMENT_STATES = ['live', 'ended', 'all'] as const

const dryRun = z.boolean().default(false).describe('Check the gate without deploying.')

export const deploymentCreation = z.strictObject({
  pipeline: reference.describe('The name of the pipeline.'),
  version: parsed(documentedString({ pattern: VERSION }), parseVersion).describe(
    'The version to deploy, such as `1.0`.',
  ),
  environment: reference.describe('The name of the environment.'),
  dryRun,
})

/** The body of a promotion. */
export const promotion = z.strictObject({
  environment: reference.describe('The name of the environment to deploy to.'),
  dryRun,
})

/** The body of a rollback or a redeployment; optional, because everything else is known. */
export const repetition = z.strictObject({ dryRun }).nullish()

export const deploymentFilter = pageQuery.extend({
  state: z.enum(DEPLOYMENT_STATES).default('live').describe('Only deployments that are live, or have ended.'),
  environment: reference.optional().describe('Only deployments in this environment.'),
  pipeline: reference
    .optional()
    .describe('Only deployments of this pipeline, and of removed pipelines of this name.'),
})

export const deployment = z.object({
  id: z.string().describe('The id of the deployment.'),
  pipeline: z.string().describe('The name of the pipeline.'),
  project: z.string().describe('The name of the project of the pipeline.'),
  version: z.string().describe('The deployed version, such as `1.0`.'),
  environment: z.string().describe('The name of the environment.'),
  url: z
    .string()
    .nullable()
    .describe(
      'The URL for callers; null for a schedule, and while no host of the trigger belongs to the environment.',
    ),
  inMaintenance: z
    .boolean()
    .describe(
      'Whether the trigger of its version is in maintenance: callers get 503 `maintenance` while it is live.',
    ),
  origin: z
    .enum(['deploy', 'promote', 'rollback', 'redeploy'])
    .nullable()
    .describe('How it went live, by `createdBy`; null for a deployment of a release that did not record it.'),
  from: z
    .object({
      deploymentId: z.string().describe('The id of the deployment; it may no longer be kept.'),
      environment: z.string().describe('Its environment, which may be removed.'),
    })
    .nullable()
    .describe(
      'The deployment whose version was promoted, rolled back to or redeployed; null for `deploy`, for an unknown `origin`, and if you may not read deployments there.',
    ),
  createdAt,
  createdBy,
  endedAt: timestamp.nullable().describe('When it was replaced or removed; null while it is live.'),
  endedBy: z.string().nullable().describe('Who replaced or removed it; null while it is live.'),
  replacedBy: z.string().nullable().describe('The deployment that replaced it; null if none did.'),
  pipelineRemovedAt: timestamp
    .nullable()
    .describe(
      'When its pipeline was removed; null while it exists. Another pipeline can have the name `pipeline` now.',
    ),
})

const probe = z
  .object({
    checkedAt: timestamp.describe('When it was probed.'),
    alarm: z.boolean().describe('Whether a route that should demand credentials does not.'),
    results: z
      .array(
        z.object({
          method: z.string().describe('The HTTP method.'),
          route: z.string().describe('The path of the route, as in the spec.'),
          outcome: z.string().describe('`allow`, or the code of the refusal.'),
          alarm: z.boolean().describe('Whether the route should demand credentials and does not.'),
          host: z
            .string()
            .optional()
            .describe(
              'The host of another deployment at which this was found, where the routes of that one are preferred. Left out if it was found at the hosts of this one.',
            ),
        }),
      )
      .describe('One for each route and method.'),
  })
  .nullable()
  .describe(
    'The responses to an anonymous caller just after the deployment went live; null if it was not probed.',
  )

export const deploymentRead = deployment.extend({ probe })

export const deploymentCreated = deployment.extend({
  id: z.string().nullable().describe('Null after a dry run.'),
  replaced: z.string().nullable().describe('The deployment that it replaced; null if there was none.'),
  warnings: z.array(warning).describe('Likely mistakes, which do not block the deployment.'),
  probe,
  receipt: receipt.optional().describe('Absent after a dry run.'),
})

import { parseVersion, VERSION } from '@sallyport/core'
import { z } from 'zod'
import { description, reference, resourceName } from './fields/names.ts'
import { documentedString, parsed } from './fields/parsed.ts'
import { pageQuery } from './fields/paging.ts'
import { createdAt, createdBy } from './fields/creation.ts'
import { timestamp } from './fields/timestamp.ts'
import { pipelineSpec } from './spec/pipeline-spec.ts'

export const pipelineCreation = z.strictObject({
  name: resourceName.describe('The name, unique within the organization.'),
  project: reference.optional().describe('The name of its project. Default: `default`.'),
  spec: pipelineSpec.describe('When the pipeline starts, who may call it, and what it does.'),
})

export const versionCreation = z.strictObject({
  spec: pipelineSpec.describe('When the pipeline starts, who may call it, and what it does.'),
  bump: z
    .enum(['minor', 'major'])
    .default('minor')
    .describe('Which number of the version grows: `1.0` becomes `1.1` or `2.0`.'),
  base: parsed(documentedString({ pattern: VERSION }), parseVersion)
    .nullable()
    .optional()
    .describe(
      'The version that the spec is a change of. If another one is the latest by now, nothing is saved: 409 `conflict`.',
    ),
  comment: description.nullable().optional().describe('What has changed and why, for people to read.'),
})

export const pipelineFilter = pageQuery.extend({
  project: reference.optional().describe('Only pipelines of this project.'),
})

/** A version in a response: `major.minor`. */
const versionNumber = z.string().describe('The version, such as `1.0`.')

export const pipelineListed = z.object({
  name: z.string().describe('The name, unique within the organization.'),
  project: z.string().describe('The name of its project.'),
  version: versionNumber.describe('The newest version.'),
  createdAt,
})

export const pipeline = pipelineListed.extend({
  spec: z.unknown().describe('The spec of the newest version, as it was saved.'),
})

export const version = z.object({
  version: versionNumber,
  spec: z.unknown().describe('The spec as it was saved.'),
  comment: z.string().nullable().describe('What its author says about it.'),
  createdAt,
  createdBy,
})

export const scheduleRunFilter = pageQuery.extend({
  environment: reference.describe('The name of the environment.'),
})

export const scheduleRun = z.object({
  major: z.int().describe('The major version; each has its own due times.'),
  dueAt: timestamp.describe('When the schedule was due.'),
  startedAt: timestamp.describe('When the run started.'),
  finishedAt: timestamp
    .nullable()
    .describe(
      'Null while it runs. Without `overlap: forbid` or `replace` also if its process stopped during the run.',
    ),
  outcome: z
    .string()
    .nullable()
    .describe(
      '`succeeded`, or the code of the problem; `replaced` or `interrupted` if it was ended early; `missed` or `skipped` if it did not run.',
    ),
  missedBefore: z
    .int()
    .describe(
      'How many due times right before this one have no run, because no gateway could run them: at most 1000.',
    ),
})

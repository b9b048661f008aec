import { z } from 'zod'
import { reference, resourceName } from './fields/names.ts'
import { pageQuery } from './fields/paging.ts'
import { timestamp } from './fields/timestamp.ts'
import { pipelineSpec } from './spec/pipeline-spec.ts'

export const pipelineCreation = z.strictObject({
  name: resourceName,
  project: reference.optional().describe('Default: `default`.'),
  spec: pipelineSpec,
})

export const versionCreation = z.strictObject({
  spec: pipelineSpec,
  bump: z.enum(['minor', 'major']).default('minor'),
})

export const pipelineFilter = pageQuery.extend({ project: reference.optional() })

/** A version in a response: `major.minor`. */
const versionNumber = z.string()

export const pipelineListed = z.object({ name: z.string(), project: z.string(), createdAt: timestamp })

export const pipeline = pipelineListed.extend({
  version: versionNumber.describe('The newest version.'),
  spec: z.unknown().describe('The spec of the newest version, as it was saved.'),
})

export const version = z.object({
  version: versionNumber,
  spec: z.unknown().describe('The spec as it was saved.'),
  createdAt: timestamp,
  createdBy: z.string(),
})

export const scheduleRunFilter = pageQuery.extend({ environment: reference })

export const scheduleRun = z.object({
  major: z.int().describe('The major version; each has its own due times.'),
  dueAt: timestamp,
  startedAt: timestamp,
  finishedAt: timestamp.nullable().describe('Null while it runs, or if its process stopped during the run.'),
  outcome: z.string().nullable().describe('`succeeded`, or the code of the problem.'),
})

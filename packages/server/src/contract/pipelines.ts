import { z } from 'zod'
import { moment } from './fields/timestamp.ts'
import { reference, resourceName } from './fields/names.ts'
import { pageQuery } from './fields/paging.ts'
import { pipelineSpec } from './spec/pipeline-spec.ts'

export const pipelineCreation = z.strictObject({
  name: resourceName,
  project: reference.optional().describe('`default` unless said.'),
  spec: pipelineSpec,
})

export const versionCreation = z.strictObject({
  spec: pipelineSpec,
  bump: z.enum(['minor', 'major']).default('minor'),
})

export const pipelineFilter = pageQuery.extend({ project: reference.optional() })

/** A version in an answer: `major.minor`. */
const versionText = z.string()

export const pipelineListed = z.object({ name: z.string(), project: z.string(), createdAt: moment })

export const pipeline = pipelineListed.extend({
  version: versionText.describe('The newest version.'),
  spec: z.unknown().describe('The spec of the newest version, as it was saved.'),
})

export const version = z.object({
  version: versionText,
  spec: z.unknown().describe('As it was saved.'),
  createdAt: moment,
  createdBy: z.string(),
})

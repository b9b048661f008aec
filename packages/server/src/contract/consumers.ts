import { PIPELINES_PER_CONSUMER_MAX, PROJECTS_PER_CONSUMER_MAX } from '@sallyport/core'
import { z } from 'zod'
import { createdAt, createdBy } from './fields/creation.ts'
import { labelFilters, labels, labelsAnswer } from './fields/labels.ts'
import { consumerName, description, reference, title } from './fields/names.ts'
import { pageQuery } from './fields/paging.ts'
import { key, keyBounds } from './keys.ts'
import { receipt } from './receipt.ts'
import { defaults } from './requests/null-members.ts'

const TITLE = 'A name for people to read, in any script.'

const plan = reference.nullable().describe('The name of its plan, one of its environment; null for none.')

const pipelines = z
  .array(reference)
  .max(PIPELINES_PER_CONSUMER_MAX)
  .describe('The names of the pipelines that the consumer may call.')

const projects = z
  .array(reference)
  .max(PROJECTS_PER_CONSUMER_MAX)
  .describe(
    'The names of the projects of which the consumer may call every pipeline, also those that come later.',
  )

export const consumerCreation = z.strictObject({
  name: consumerName.describe('The name, unique within the environment in any case.'),
  title: title.nullable().optional().describe(TITLE),
  description: description.nullable().optional().describe('A text for people to read.'),
  environment: reference.describe('The name of its environment.'),
  pipelines: pipelines.optional(),
  projects: projects.optional(),
  labels: labels.optional().describe('The labels of the consumer, by name. Default: none.'),
  plan: plan.optional(),
  key: keyBounds
    .optional()
    .describe('The expiry, address rules and rate limits of the first key. Default: none.'),
})

export const consumerChange = z.strictObject({
  title: title.nullable().optional().describe(TITLE),
  description: description.nullable().optional().describe('A text for people to read.'),
  pipelines: pipelines.optional(),
  projects: projects.optional(),
  labels: labels.optional().describe('All labels that the consumer has afterwards, by name.'),
  plan: plan.optional(),
  status: z
    .enum(['active', 'inactive'])
    .register(defaults, { value: 'active' })
    .optional()
    .describe('`inactive` makes every gateway reject all credentials of the consumer.'),
})

export const consumerPipeline = z.strictObject({
  pipeline: reference.describe('The name of a pipeline.'),
})

export const consumerProject = z.strictObject({
  project: reference.describe('The name of a project.'),
})

export const consumerFilter = pageQuery.extend({
  environment: reference.optional().describe('Only consumers of this environment.'),
  plan: reference.optional().describe('Only consumers that have the plan of this name. Needs `environment`.'),
  label: labelFilters.describe(
    'Only consumers with this label: `team:payments`, or `team` for any value. Repeat it to demand several.',
  ),
})

export const consumer = z
  .object({
    id: z.string().describe('The id of the consumer.'),
    name: z.string().describe('The name, unique within the environment.'),
    title: z.string().nullable().describe(TITLE),
    description: z.string().nullable().describe('A text for people to read.'),
    environment: z.string().describe('The name of its environment.'),
    status: z
      .enum(['active', 'inactive'])
      .describe('Whether its keys, Basic credentials and JWTs are accepted.'),
    pipelines: z
      .array(z.string())
      .describe('The names of the pipelines that it may call by associations of its own.'),
    projects: z
      .array(z.string())
      .describe('The names of the projects of which it may call every pipeline, also those that come later.'),
    labels: labelsAnswer.describe('The labels of the consumer, by name. Its keys have them too.'),
    plan: z.string().nullable().describe('The name of its plan; null if it has none.'),
    createdAt,
    createdBy,
  })
  .describe('The consumer.')

export const consumerCreated = z.object({
  consumer,
  key: key.describe('The first key of the consumer.'),
  token: z.string().describe('The token of its first key. Shown only once.'),
})

export const consumerChanged = z.object({ consumer, receipt })

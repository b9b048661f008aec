import { versionText } from '@sallyport/core'
import { evaluateExpressions } from '../../app/expressions/evaluate-expressions.ts'
import { createPipeline, type PipelineWithVersion } from '../../app/pipelines/create-pipeline.ts'
import { createVersion } from '../../app/pipelines/create-version.ts'
import {
  getPipeline,
  getVersion,
  type ListedPipeline,
  listPipelines,
  listScheduleRuns,
  listVersions,
} from '../../app/pipelines/reading.ts'
import { removePipeline } from '../../app/pipelines/remove-pipeline.ts'
import { expressionEvaluation, expressionResults } from '../../contract/expressions.ts'
import {
  pipeline,
  pipelineCreation,
  pipelineFilter,
  pipelineListed,
  scheduleRun,
  scheduleRunFilter,
  version,
  versionCreation,
} from '../../contract/pipelines.ts'
import { nullPlan, withoutNulls } from '../../contract/requests/null-members.ts'
import { pipelineSpec } from '../../contract/spec/pipeline-spec.ts'
import { RequestCounters } from '../../fairness/request-counters.ts'
import type { VersionRow } from '../../store/port/pipelines.ts'
import type { ScheduleRunRow } from '../../store/port/schedule-runs.ts'
import { timestampAnswer, timestampAnswerOrNull } from '../answers/timestamp.ts'
import { pathParameters } from '../routing/path-parameters.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'
import { documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:organization/pipelines'
const one = `${all}/:pipeline` as const
const versions = `${one}/versions` as const
const evaluation = '/v1/organizations/:organization/expressions/evaluate'

/** Organizations whose evaluations are counted; beyond that, the least recently seen one is forgotten. */
const ORGANIZATIONS_MAX = 10_000

function listedAnswer({ name, project, version: newest, createdAtMs }: ListedPipeline) {
  return { name, project, version: newest, createdAt: timestampAnswer(createdAtMs) }
}

function versionAnswer(row: VersionRow) {
  const { source, comment, createdAtMs, createdBy } = row
  return {
    version: versionText(row),
    spec: source,
    comment,
    createdAt: timestampAnswer(createdAtMs),
    createdBy,
  }
}

function pipelineAnswer({ pipeline: row, version: newest }: PipelineWithVersion) {
  return { ...listedAnswer({ ...row, version: versionText(newest) }), spec: newest.source }
}

function runAnswer({ major, dueAtMs, startedAtMs, finishedAtMs, outcome, missedBefore }: ScheduleRunRow) {
  return {
    major,
    dueAt: timestampAnswer(dueAtMs),
    startedAt: timestampAnswer(startedAtMs),
    finishedAt: timestampAnswerOrNull(finishedAtMs),
    outcome,
    missedBefore,
  }
}

const SPEC_NULLS = nullPlan(pipelineSpec, false)

/** The spec as the developer wrote it, without fields that are null for none, from a valid body. */
function sourceOf(sentBody: unknown): unknown {
  const isObject = typeof sentBody === 'object' && sentBody !== null && 'spec' in sentBody
  return isObject ? withoutNulls(SPEC_NULLS, sentBody.spec) : null
}

export function pipelineRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Pipelines')

  routes.list(
    {
      path: all,
      operationId: 'listPipelines',
      summary: 'List the pipelines',
      query: pipelineFilter,
      item: pipelineListed,
    },
    listPipelines,
    listedAnswer,
  )

  routes.read(
    {
      path: one,
      operationId: 'getPipeline',
      summary: 'Read a pipeline with its newest version',
      answer: pipeline,
    },
    getPipeline,
    pipelineAnswer,
  )

  routes.remove(
    {
      path: one,
      operationId: 'removePipeline',
      access: { permission: 'pipelines.write', on: 'pipeline' },
      summary: 'Remove a pipeline without live deployments',
    },
    removePipeline,
  )

  routes.list(
    {
      path: versions,
      operationId: 'listVersions',
      summary: 'List the versions of a pipeline',
      item: version,
    },
    listVersions,
    versionAnswer,
  )

  routes.read(
    {
      path: `${versions}/:version`,
      operationId: 'getVersion',
      summary: 'Read a version of a pipeline',
      answer: version,
    },
    getVersion,
    versionAnswer,
  )

  routes.list(
    {
      path: `${one}/runs`,
      operationId: 'listScheduleRuns',
      summary: 'List the runs of a scheduled pipeline',
      query: scheduleRunFilter,
      item: scheduleRun,
    },
    listScheduleRuns,
    runAnswer,
  )
}

/** The routes that save a spec. They also store the spec as it was sent. */
export function specRoutes({ app, operations }: ControlApi): void {
  app.post(
    all,
    {
      config: { access: { permission: 'pipelines.write' } },
      schema: {
        ...documentedCreation('Pipelines', 'createPipeline', 'Create a pipeline with its version 1.0'),
        params: pathParameters(all),
        body: pipelineCreation,
        response: { 201: pipeline },
      },
    },
    async (request, reply) => {
      const { spec: draft, ...fields } = request.body
      const input = { ...fields, ...request.params, draft, source: sourceOf(request.sentBody) }
      const { result } = await operations.create(request, reply, (context) => createPipeline(context, input))
      return pipelineAnswer(result)
    },
  )

  app.post(
    versions,
    {
      config: { access: { permission: 'pipelines.write', on: 'pipeline' } },
      schema: {
        ...documentedCreation('Pipelines', 'createVersion', 'Save a new version of a pipeline'),
        params: pathParameters(versions),
        body: versionCreation,
        response: { 201: version },
      },
    },
    async (request, reply) => {
      const { spec: draft, ...fields } = request.body
      const input = { ...fields, ...request.params, draft, source: sourceOf(request.sentBody) }
      const { result } = await operations.create(request, reply, (context) => createVersion(context, input))
      return versionAnswer(result)
    },
  )
}

/** An evaluation changes nothing, so a repeated request needs no stored response. */
export function expressionRoutes({ app, operations, deps }: ControlApi): void {
  const counters = new RequestCounters(deps.monotonicMs, ORGANIZATIONS_MAX)
  app.post(
    evaluation,
    {
      config: { access: { permission: 'pipelines.write', changesNothing: true } },
      schema: {
        ...documentedCreation('Pipelines', 'evaluateExpressions', 'Try expressions on a sample message'),
        params: pathParameters(evaluation),
        body: expressionEvaluation,
        response: { 200: expressionResults },
      },
    },
    async (request) => {
      const input = { ...request.body, ...request.params }
      const trials = { expressions: deps.expressions, counters }
      const { results, failure } = await evaluateExpressions(operations.contextOf(request), trials, input)
      return { results: results === null ? null : [...results], failure }
    },
  )
}

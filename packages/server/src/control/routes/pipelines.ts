import { createPipeline, type PipelineWithVersion } from '../../app/pipelines/create-pipeline.ts'
import { createVersion } from '../../app/pipelines/create-version.ts'
import { getPipeline } from '../../app/pipelines/get-pipeline.ts'
import { listPipelines } from '../../app/pipelines/list-pipelines.ts'
import { listVersions } from '../../app/pipelines/list-versions.ts'
import { removePipeline } from '../../app/pipelines/remove-pipeline.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf, pageQuery } from '../../contract/fields/paging.ts'
import {
  pipeline,
  pipelineCreation,
  pipelineFilter,
  pipelineListed,
  version,
  versionCreation,
} from '../../contract/pipelines.ts'
import { removedAnswer, waitQuery } from '../../contract/fields/receipt.ts'
import type { PipelineRow, VersionRow } from '../../store/port/pipelines.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { momentAnswer } from '../answers/timestamp.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented, documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:org/pipelines'
const one = `${all}/:pipeline`
const params = pathParameters('org', 'pipeline')

function listedAnswer({ name, project, createdAtMs }: PipelineRow) {
  return { name, project, createdAt: momentAnswer(createdAtMs) }
}

function versionAnswer({ major, minor, source, createdAtMs, createdBy }: VersionRow) {
  return { version: `${major}.${minor}`, spec: source, createdAt: momentAnswer(createdAtMs), createdBy }
}

function pipelineAnswer({ pipeline: row, version: newest }: PipelineWithVersion) {
  return { ...listedAnswer(row), version: `${newest.major}.${newest.minor}`, spec: newest.source }
}

/** The spec as it was written, out of a body that was found valid. */
function sourceOf(sentBody: unknown): unknown {
  return typeof sentBody === 'object' && sentBody !== null && 'spec' in sentBody ? sentBody.spec : null
}

export function pipelineRoutes(app: ControlApp, operations: Operations): void {
  app.get(
    all,
    {
      schema: {
        ...documented('Pipelines', 'listPipelines', 'List the pipelines'),
        params: pathParameters('org'),
        querystring: pipelineFilter,
        response: { 200: pageOf(pipelineListed) },
      },
    },
    async (request) =>
      pageAnswer(
        await listPipelines(operations.reading(request), {
          organization: request.params.org,
          ...request.query,
        }),
        listedAnswer,
      ),
  )

  app.post(
    all,
    {
      schema: {
        ...documentedCreation('Pipelines', 'createPipeline', 'Make a pipeline with its version 1.0'),
        params: pathParameters('org'),
        body: pipelineCreation,
        response: { 201: pipeline },
      },
    },
    async (request, reply) => {
      const { name, project, spec } = request.body
      const { made } = await operations.create(request, reply, (context) =>
        createPipeline(context, {
          organization: request.params.org,
          name,
          project,
          source: sourceOf(request.sentBody),
          draft: spec,
        }),
      )
      return pipelineAnswer(made)
    },
  )

  app.get(
    one,
    {
      schema: {
        ...documented('Pipelines', 'getPipeline', 'Read a pipeline with its newest version'),
        params,
        response: { 200: pipeline },
      },
    },
    async (request) =>
      pipelineAnswer(
        await getPipeline(operations.reading(request), {
          organization: request.params.org,
          pipeline: request.params.pipeline,
        }),
      ),
  )

  app.delete(
    one,
    {
      schema: {
        ...documented('Pipelines', 'removePipeline', 'Remove a pipeline that is not deployed'),
        params,
        querystring: waitQuery,
        response: { 200: removedAnswer },
      },
    },
    async (request) => {
      const { receipt } = await operations.change(request, request.query.wait, (context) =>
        removePipeline(context, { organization: request.params.org, pipeline: request.params.pipeline }),
      )
      return { receipt }
    },
  )

  app.get(
    `${one}/versions`,
    {
      schema: {
        ...documented('Pipelines', 'listVersions', 'List the versions of a pipeline'),
        params,
        querystring: pageQuery,
        response: { 200: pageOf(version) },
      },
    },
    async (request) =>
      pageAnswer(
        await listVersions(operations.reading(request), {
          organization: request.params.org,
          pipeline: request.params.pipeline,
          ...request.query,
        }),
        versionAnswer,
      ),
  )

  app.post(
    `${one}/versions`,
    {
      schema: {
        ...documentedCreation('Pipelines', 'createVersion', 'Save a pipeline anew'),
        params,
        body: versionCreation,
        response: { 201: version },
      },
    },
    async (request, reply) => {
      const { made } = await operations.create(request, reply, (context) =>
        createVersion(context, {
          organization: request.params.org,
          pipeline: request.params.pipeline,
          source: sourceOf(request.sentBody),
          draft: request.body.spec,
          bump: request.body.bump,
        }),
      )
      return versionAnswer(made)
    },
  )
}

import { createConsumer } from '../../app/consumers/create-consumer.ts'
import { getConsumer, listConsumers } from '../../app/consumers/reading.ts'
import { removeConsumer } from '../../app/consumers/remove-consumer.ts'
import {
  addConsumerPipeline,
  addConsumerProject,
  removeConsumerPipeline,
  removeConsumerProject,
} from '../../app/consumers/single-associations.ts'
import { updateConsumer } from '../../app/consumers/update-consumer.ts'
import {
  consumer,
  consumerChange,
  consumerChanged,
  consumerCreated,
  consumerCreation,
  consumerFilter,
  consumerPipeline,
  consumerProject,
} from '../../contract/consumers.ts'
import { waitQuery } from '../../contract/receipt.ts'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import { keyAnswer } from '../answers/key-answer.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { pathParameters } from '../routing/path-parameters.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'
import { documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:organization/consumers'
const one = `${all}/:consumer` as const
const pipelinesOf = `${one}/pipelines` as const
const projectsOf = `${one}/projects` as const
const access = { permission: 'consumers.write', on: 'consumer' } as const
const TAG = 'Consumers'

function consumerAnswer(row: ConsumerRow) {
  const {
    id,
    name,
    title,
    description,
    environment,
    active,
    pipelines,
    projects,
    labels,
    plan,
    createdAtMs,
    createdBy,
  } = row
  return {
    id,
    name,
    title,
    description,
    environment,
    status: active ? ('active' as const) : ('inactive' as const),
    pipelines: [...pipelines],
    projects: [...projects],
    labels: { ...labels },
    plan,
    createdAt: timestampAnswer(createdAtMs),
    createdBy,
  }
}

export function consumerRoutes(api: ControlApi): void {
  const { app, operations } = api
  const routes = resourceRoutes(api, TAG)

  routes.list(
    {
      path: all,
      operationId: 'listConsumers',
      summary: 'List the consumers',
      query: consumerFilter,
      item: consumer,
    },
    listConsumers,
    consumerAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createConsumer',
      access: { permission: 'consumers.write' },
      summary: 'Create a consumer with its first key',
      body: consumerCreation,
      answer: consumerCreated,
    },
    (context, { key: { expiresAt, ...key } = {}, ...input }) =>
      createConsumer(context, { ...input, key: { ...key, expiresAtMs: expiresAt } }),
    ({ result, atMs }) => ({
      consumer: consumerAnswer(result.consumer),
      key: keyAnswer(result.key, atMs),
      token: result.token,
    }),
  )

  routes.read(
    { path: one, operationId: 'getConsumer', summary: 'Read a consumer', answer: consumer },
    getConsumer,
    consumerAnswer,
  )

  routes.change(
    {
      path: one,
      operationId: 'updateConsumer',
      access,
      summary: 'Update a consumer, or switch it off or on',
      body: consumerChange,
      answer: consumerChanged,
    },
    updateConsumer,
    (result) => ({ consumer: consumerAnswer(result.consumer) }),
  )

  routes.remove(
    {
      path: one,
      operationId: 'removeConsumer',
      access,
      summary: 'Remove a consumer with its keys and Basic credentials',
    },
    removeConsumer,
  )

  app.post(
    pipelinesOf,
    {
      config: { access },
      schema: {
        ...documentedCreation(TAG, 'addConsumerPipeline', 'Let a consumer call one more pipeline'),
        params: pathParameters(pipelinesOf),
        querystring: waitQuery,
        body: consumerPipeline,
        response: { 200: consumerChanged },
      },
    },
    async (request, reply) => {
      const input = { ...request.body, ...request.params }
      const { result, receipt } = await operations.changeOnce(request, reply, request.query.wait, (context) =>
        addConsumerPipeline(context, input),
      )
      return { consumer: consumerAnswer(result.consumer), receipt }
    },
  )

  routes.remove(
    {
      path: `${pipelinesOf}/:pipeline`,
      operationId: 'removeConsumerPipeline',
      access,
      summary: 'End that a consumer may call a pipeline',
    },
    removeConsumerPipeline,
  )

  app.post(
    projectsOf,
    {
      config: { access },
      schema: {
        ...documentedCreation(
          TAG,
          'addConsumerProject',
          'Let a consumer call every pipeline of one more project',
        ),
        params: pathParameters(projectsOf),
        querystring: waitQuery,
        body: consumerProject,
        response: { 200: consumerChanged },
      },
    },
    async (request, reply) => {
      const input = { ...request.body, ...request.params }
      const { result, receipt } = await operations.changeOnce(request, reply, request.query.wait, (context) =>
        addConsumerProject(context, input),
      )
      return { consumer: consumerAnswer(result.consumer), receipt }
    },
  )

  routes.remove(
    {
      path: `${projectsOf}/:project`,
      operationId: 'removeConsumerProject',
      access,
      summary: 'End that a consumer may call every pipeline of a project',
    },
    removeConsumerProject,
  )
}

import { createConsumer } from '../../app/consumers/create-consumer.ts'
import { getConsumer } from '../../app/consumers/get-consumer.ts'
import { listConsumers } from '../../app/consumers/list-consumers.ts'
import { removeConsumer } from '../../app/consumers/remove-consumer.ts'
import { updateConsumer } from '../../app/consumers/update-consumer.ts'
import {
  consumer,
  consumerChange,
  consumerChanged,
  consumerCreated,
  consumerCreation,
  consumerFilter,
} from '../../contract/consumers.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf } from '../../contract/fields/paging.ts'
import { removedAnswer, waitQuery } from '../../contract/fields/receipt.ts'
import type { ConsumerRow } from '../../store/port/consumers.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { keyAnswer } from '../answers/key-answer.ts'
import { momentAnswer } from '../answers/timestamp.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented, documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:org/consumers'
const one = `${all}/:consumer`
const params = pathParameters('org', 'consumer')

function consumerAnswer(row: ConsumerRow) {
  const { id, name, description, environment, active, pipelines, createdAtMs, createdBy } = row
  return {
    id,
    name,
    description,
    environment,
    status: active ? ('active' as const) : ('inactive' as const),
    pipelines: [...pipelines],
    createdAt: momentAnswer(createdAtMs),
    createdBy,
  }
}

export function consumerRoutes(app: ControlApp, operations: Operations): void {
  app.get(
    all,
    {
      schema: {
        ...documented('Consumers', 'listConsumers', 'List the consumers'),
        params: pathParameters('org'),
        querystring: consumerFilter,
        response: { 200: pageOf(consumer) },
      },
    },
    async (request) =>
      pageAnswer(
        await listConsumers(operations.reading(request), {
          organization: request.params.org,
          ...request.query,
        }),
        consumerAnswer,
      ),
  )

  app.post(
    all,
    {
      schema: {
        ...documentedCreation('Consumers', 'createConsumer', 'Make a consumer with its first key'),
        params: pathParameters('org'),
        body: consumerCreation,
        response: { 201: consumerCreated },
      },
    },
    async (request, reply) => {
      const { made, atMs } = await operations.create(request, reply, (context) =>
        createConsumer(context, { organization: request.params.org, ...request.body }),
      )
      return {
        consumer: consumerAnswer(made.consumer),
        key: keyAnswer(made.key, atMs),
        token: made.token,
      }
    },
  )

  app.get(
    one,
    {
      schema: {
        ...documented('Consumers', 'getConsumer', 'Read a consumer'),
        params,
        response: { 200: consumer },
      },
    },
    async (request) =>
      consumerAnswer(
        await getConsumer(operations.reading(request), {
          organization: request.params.org,
          consumer: request.params.consumer,
        }),
      ),
  )

  app.patch(
    one,
    {
      schema: {
        ...documented('Consumers', 'updateConsumer', 'Change a consumer, or switch it off'),
        params,
        querystring: waitQuery,
        body: consumerChange,
        response: { 200: consumerChanged },
      },
    },
    async (request) => {
      const { changed, receipt } = await operations.change(request, request.query.wait, (context) =>
        updateConsumer(context, {
          organization: request.params.org,
          consumer: request.params.consumer,
          ...request.body,
        }),
      )
      return { consumer: consumerAnswer(changed.consumer), receipt }
    },
  )

  app.delete(
    one,
    {
      schema: {
        ...documented('Consumers', 'removeConsumer', 'Remove a consumer with its keys and Basic credentials'),
        params,
        querystring: waitQuery,
        response: { 200: removedAnswer },
      },
    },
    async (request) => {
      const { receipt } = await operations.change(request, request.query.wait, (context) =>
        removeConsumer(context, { organization: request.params.org, consumer: request.params.consumer }),
      )
      return { receipt }
    },
  )
}

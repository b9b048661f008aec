import { createConsumer } from '../../app/consumers/create-consumer.ts'
import { getConsumer, listConsumers } from '../../app/consumers/reading.ts'
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
import type { ConsumerRow } from '../../store/port/consumers.ts'
import { keyAnswer } from '../answers/key-answer.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

const all = '/v1/organizations/:organization/consumers'
const one = `${all}/:consumer` as const

function consumerAnswer(row: ConsumerRow) {
  const { id, name, description, environment, active, pipelines, labels, createdAtMs, createdBy } = row
  return {
    id,
    name,
    description,
    environment,
    status: active ? ('active' as const) : ('inactive' as const),
    pipelines: [...pipelines],
    labels: { ...labels },
    createdAt: timestampAnswer(createdAtMs),
    createdBy,
  }
}

export function consumerRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Consumers')

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
      access: { permission: 'consumers.write', on: 'consumer' },
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
      access: { permission: 'consumers.write', on: 'consumer' },
      summary: 'Remove a consumer with its keys and Basic credentials',
    },
    removeConsumer,
  )
}

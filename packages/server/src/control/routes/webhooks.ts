import { createWebhook } from '../../app/webhooks/create-webhook.ts'
import { getWebhook, listDeliveries, listWebhooks } from '../../app/webhooks/reading.ts'
import { removeWebhook } from '../../app/webhooks/remove-webhook.ts'
import { replayDelivery } from '../../app/webhooks/replay-delivery.ts'
import { rotateWebhook } from '../../app/webhooks/rotate-webhook.ts'
import { updateWebhook } from '../../app/webhooks/update-webhook.ts'
import type { WebhookFacts } from '../../app/webhooks/webhook-facts.ts'
import {
  delivery,
  webhook,
  webhookChange,
  webhookChanged,
  webhookCreation,
  webhookRotation,
  webhookWithSecret,
} from '../../contract/webhooks/webhooks.ts'
import { WAIT_SECONDS_DEFAULT } from '../../contract/receipt.ts'
import type { DeliveryRow } from '../../store/port/webhooks/deliveries.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { pathParameters } from '../routing/path-parameters.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'
import { documentedCreation } from '../routing/route-schema.ts'

const TAG = 'Webhooks'
const all = '/v1/organizations/:organization/webhooks'
const one = `${all}/:webhook` as const
const rotate = `${one}/rotate` as const
const deliveries = `${one}/deliveries` as const
const replay = `${deliveries}/:delivery/replay` as const
const access = { permission: 'webhooks.write', on: 'webhook' } as const

function orNull(atMs: number | null): string | null {
  return atMs === null ? null : timestampAnswer(atMs)
}

function webhookAnswer(row: WebhookFacts, atMs: number) {
  const endsAtMs = row.previousSecretEndsAtMs
  return {
    id: row.id,
    url: row.url,
    events: [...row.events],
    status: row.active ? ('active' as const) : ('inactive' as const),
    previousSecretEndsAt: orNull(endsAtMs !== null && atMs < endsAtMs ? endsAtMs : null),
    createdAt: timestampAnswer(row.createdAtMs),
    createdBy: row.createdBy,
  }
}

function deliveryAnswer(row: DeliveryRow) {
  return {
    id: row.id,
    type: row.type,
    happenedAt: timestampAnswer(row.happenedAtMs),
    state: row.state,
    nextAttemptAt: orNull(row.nextAttemptAtMs),
    attemptCount: row.attemptCount,
    attempts: row.attempts.map(({ atMs, durationMs, status, error }) => ({
      at: timestampAnswer(atMs),
      durationMs,
      status,
      error,
    })),
  }
}

export function webhookRoutes(api: ControlApi): void {
  const { app, operations } = api
  const routes = resourceRoutes(api, TAG)

  routes.list(
    { path: all, operationId: 'listWebhooks', summary: 'List the webhooks', item: webhook },
    listWebhooks,
    webhookAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createWebhook',
      access: { permission: 'webhooks.write' },
      summary: 'Have events sent to a URL',
      body: webhookCreation,
      answer: webhookWithSecret,
    },
    createWebhook,
    ({ result, atMs }) => ({ ...webhookAnswer(result.webhook, atMs), secret: result.secret }),
  )

  routes.read(
    {
      path: one,
      operationId: 'getWebhook',
      summary: 'Read a webhook',
      observed: ['previousSecretEndsAt'],
      answer: webhook,
    },
    getWebhook,
    webhookAnswer,
  )

  routes.change(
    {
      path: one,
      operationId: 'updateWebhook',
      access,
      summary: 'Update a webhook, or switch it off or on',
      body: webhookChange,
      answer: webhookChanged,
    },
    (context, { status, ...input }) =>
      updateWebhook(context, { ...input, active: status === undefined ? undefined : status === 'active' }),
    (result, atMs) => ({ webhook: webhookAnswer(result.webhook, atMs) }),
  )

  routes.remove(
    { path: one, operationId: 'removeWebhook', access, summary: 'Remove a webhook' },
    removeWebhook,
  )

  app.post(
    rotate,
    {
      config: { access },
      schema: {
        ...documentedCreation(TAG, 'rotateWebhook', 'Rotate the secret of a webhook'),
        params: pathParameters(rotate),
        body: webhookRotation,
        response: { 200: webhookWithSecret },
      },
    },
    async (request, reply) => {
      const { result, atMs } = await operations.changeOnce(request, reply, WAIT_SECONDS_DEFAULT, (context) =>
        rotateWebhook(context, { ...request.body, ...request.params }),
      )
      return { ...webhookAnswer(result.webhook, atMs), secret: result.secret }
    },
  )

  routes.list(
    {
      path: deliveries,
      operationId: 'listDeliveries',
      summary: 'List the deliveries of a webhook',
      item: delivery,
    },
    listDeliveries,
    deliveryAnswer,
  )

  app.post(
    replay,
    {
      config: { access },
      schema: {
        ...documentedCreation(TAG, 'replayDelivery', 'Deliver an event again'),
        params: pathParameters(replay),
        response: { 200: delivery },
      },
    },
    async (request, reply) => {
      const { result } = await operations.changeOnce(request, reply, WAIT_SECONDS_DEFAULT, (context) =>
        replayDelivery(context, request.params),
      )
      return deliveryAnswer(result)
    },
  )
}

import type { ResourceTexts } from './operation-text.ts'

const path = { webhook: '$WEBHOOK_ID' }

export const WEBHOOKS: ResourceTexts = {
  tag: {
    name: 'Webhooks',
    description:
      'A webhook has the events of an organization sent to a URL, signed by the Standard Webhooks specification.',
  },
  parameters: {
    webhook: 'The id of the webhook.',
    delivery: 'The id of the delivery.',
  },
  operations: {
    listWebhooks: {
      description: 'Lists the webhooks, oldest first.',
      permissions: ['webhooks.read'],
      example: { after: ['createWebhook'] },
    },
    createWebhook: {
      description:
        'Has the events of these types sent to a URL from now on, and answers with the secret that signs them. Besides `webhooks.write` you need, for the whole organization, the permission to read what each event tells, such as `keys.read` for events of keys. A URL with an address that is not public gets 400 `invalid_request`.',
      permissions: ['webhooks.write'],
      example: {
        body: { url: 'https://hooks.example.com/sallyport', events: ['key.created', 'key.deleted'] },
        saves: { WEBHOOK_ID: '.id' },
      },
    },
    getWebhook: {
      description: 'Answers with a webhook, without its secret.',
      permissions: ['webhooks.read'],
      example: { path },
    },
    updateWebhook: {
      description:
        'Changes the fields that you send. A new URL and new events need what their creation needs. With `status: "inactive"` nothing is sent: events wait, and those of the last three days are sent once it is `active` again.',
      permissions: ['webhooks.write'],
      example: { path, body: { events: ['key.created', 'key.deleted', 'policy.changed'] } },
    },
    removeWebhook: {
      description: 'Ends the webhook and deletes its deliveries.',
      permissions: ['webhooks.write'],
      example: {
        path,
        after: [
          'listWebhooks',
          'getWebhook',
          'updateWebhook',
          'rotateWebhook',
          'listDeliveries',
          'replayDelivery',
        ],
      },
    },
    rotateWebhook: {
      description:
        'Makes a new secret and answers with it. Until `graceSeconds` are over, each message has two signatures: by the new secret and by the previous one. While that is so, a further rotation gets 409 `conflict`, unless its `graceSeconds` is 0, which ends both earlier secrets.',
      permissions: ['webhooks.write'],
      example: { path, body: { graceSeconds: 3600 } },
    },
    listDeliveries: {
      description:
        'Lists what was and will be delivered to the webhook, the newest events first, with each attempt. The last 1000 are kept, for 30 days.',
      permissions: ['webhooks.read'],
      example: { path, saves: { DELIVERY_ID: '.items[0].id' } },
    },
    replayDelivery: {
      description:
        'Delivers an event again, with the same content and `webhook-id`, and retries it for three days. It makes no difference whether it was delivered, given up, or waits for its next attempt.',
      permissions: ['webhooks.write'],
      example: { path: { ...path, delivery: '$DELIVERY_ID' } },
    },
  },
}

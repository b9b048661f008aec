import type { ResourceTexts } from './operation-text.ts'

const path = { name: 'ORDERS_TOKEN' }

export const SECRETS: ResourceTexts = {
  tag: {
    name: 'Secrets',
    description: 'A secret is a value that pipelines use in URLs and headers and that the API never returns.',
  },
  parameters: { name: 'The name of the secret: 1 to 64 of A-Z, 0-9 and "_", a letter first.' },
  operations: {
    listSecrets: {
      description: 'Lists the secrets of an environment without their values.',
      permissions: ['secrets.read'],
      example: { after: ['putSecret'] },
    },
    getSecret: {
      description: 'Answers with the name and the times of a secret. The API never returns its value.',
      permissions: ['secrets.read'],
      example: { path, after: ['putSecret'] },
    },
    putSecret: {
      description:
        'Creates a secret or replaces its value. Pipelines use it as `{secrets.NAME}` in URLs and headers. Gateways use a new value as soon as the receipt is confirmed.',
      permissions: ['secrets.write'],
      answers: { 200: 'The value was replaced.', 201: 'The secret was created.' },
      example: { path, body: { value: 'the-token-of-the-orders-service' } },
    },
    removeSecret: {
      description:
        'Removes a secret. While a live deployment uses it, the answer is 409 `conflict`, and `usedBy` names the deployments.',
      permissions: ['secrets.write'],
      example: { path, after: ['listSecrets', 'getSecret'] },
    },
  },
}

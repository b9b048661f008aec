import type { ResourceTexts } from './operation-text.ts'

const path = { consumer: '$CONSUMER_ID' }

export const BASIC_CREDENTIALS: ResourceTexts = {
  tag: {
    name: 'Consumers',
    description:
      'A consumer is an application that calls your pipelines, with its keys and Basic credentials.',
  },
  parameters: { username: 'The username of the Basic credential.' },
  operations: {
    listBasicCredentials: {
      description: 'Lists the usernames of a consumer. The API never returns their passwords.',
      permissions: ['consumers.read'],
      example: { path, after: ['createBasicCredential'] },
    },
    createBasicCredential: {
      description:
        'Creates a username with a generated password, for pipelines that require Basic authentication. The `password` in the answer is shown only once. A username that is taken in the environment gets 409 `conflict`.',
      permissions: ['consumers.write'],
      example: { path, body: { username: 'mobile-app' } },
    },
    removeBasicCredential: {
      description:
        'Removes a username and its password. Gateways reject it as soon as the receipt is confirmed, and the username is free again.',
      permissions: ['consumers.write'],
      example: { path: { ...path, username: 'mobile-app' }, after: ['listBasicCredentials'] },
    },
  },
}

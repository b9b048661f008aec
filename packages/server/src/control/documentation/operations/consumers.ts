import type { ResourceTexts } from './operation-text.ts'

const path = { consumer: '$CONSUMER_ID' }

export const CONSUMERS: ResourceTexts = {
  tag: {
    name: 'Consumers',
    description:
      'A consumer is an application that calls your pipelines, with its keys and Basic credentials.',
  },
  operations: {
    listConsumers: {
      description: 'Lists the consumers, or those of one `environment` or with a `label`.',
      permissions: ['consumers.read'],
      example: { query: { environment: 'prod', label: 'tier:gold' }, after: ['createConsumer'] },
    },
    createConsumer: {
      description:
        'Creates a consumer with its first key, whose `token` is shown only once. The consumer may call the `pipelines` that you list, and every pipeline of the `projects`, also those that come later. `key` sets an expiry, address rules and rate limits of the first key; if your own key has such bounds, set some that are no wider. A name that is taken in the environment gets 409 `conflict`.',
      permissions: ['consumers.write', 'keys.create'],
      example: {
        body: { name: 'mobile-app', environment: 'prod', pipelines: ['orders'], labels: { tier: 'gold' } },
        saves: { CONSUMER_ID: '.consumer.id', CALLER_TOKEN: '.token' },
        after: ['createPipeline'],
      },
    },
    getConsumer: {
      description: 'Answers with one consumer.',
      permissions: ['consumers.read'],
      example: { path },
    },
    updateConsumer: {
      description:
        'Changes the fields that you send. `pipelines` and `projects` replace the whole list, and `labels` all labels. `status: "inactive"` makes every gateway reject all keys of the consumer until you set it to `active` again.',
      permissions: ['consumers.write'],
      example: { path, query: { wait: '10' }, body: { description: 'The app for iOS and Android' } },
    },
    addConsumerPipeline: {
      description:
        'Lets a consumer call one more pipeline. What another person adds or removes at the same time stays. If it may call the pipeline already, nothing changes.',
      permissions: ['consumers.write', 'pipelines.read'],
      example: { path, body: { pipeline: 'orders' }, after: ['createConsumer', 'createPipeline'] },
    },
    removeConsumerPipeline: {
      description:
        'Ends that a consumer may call a pipeline by an association of its own. If it has the project of the pipeline too, it may still call it. What another person adds or removes at the same time stays. If the pipeline is not among its `pipelines`, the answer is 404.',
      permissions: ['consumers.write'],
      example: {
        path: { ...path, pipeline: 'orders' },
        after: ['addConsumerPipeline', 'verify', 'listPortalPipelines'],
      },
    },
    addConsumerProject: {
      description:
        'Lets a consumer call every pipeline of one more project, also those that come later. What another person adds or removes at the same time stays. If it may do so already, nothing changes. The second permission must hold for the whole project.',
      permissions: ['consumers.write', 'pipelines.read'],
      example: { path, body: { project: 'billing' }, after: ['createConsumer', 'createProject'] },
    },
    removeConsumerProject: {
      description:
        'Ends that a consumer may call every pipeline of a project. Pipelines of the project that are among its own `pipelines` stay. What another person adds or removes at the same time stays. If the project is not among its `projects`, the answer is 404.',
      permissions: ['consumers.write'],
      example: { path: { ...path, project: 'billing' }, after: ['addConsumerProject'] },
    },
    removeConsumer: {
      description:
        'Removes a consumer with its Basic credentials, deletes its keys and ends its portal sessions. Its callers are rejected as soon as the receipt is confirmed. Needs the second permission only if the consumer has keys.',
      permissions: ['consumers.write', 'keys.delete'],
      example: {
        path,
        after: [
          'listConsumers',
          'getConsumer',
          'updateConsumer',
          'removeConsumerPipeline',
          'removeConsumerProject',
          'removeBasicCredential',
          'verify',
          'endPortalSession',
        ],
      },
    },
  },
}

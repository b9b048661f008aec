import type { ResourceTexts } from './operation-text.ts'

const path = { pipeline: 'orders' }

export const PIPELINES: ResourceTexts = {
  tag: {
    name: 'Pipelines',
    description: 'A pipeline describes an endpoint, its authentication and its steps, in numbered versions.',
  },
  parameters: { version: 'The version, such as `1.0`.' },
  operations: {
    listPipelines: {
      description: 'Lists the pipelines, or those of one `project`.',
      permissions: ['pipelines.read'],
      example: { query: { project: 'default' }, after: ['createPipeline'] },
    },
    createPipeline: {
      description:
        'Creates a pipeline and saves its spec as version 1.0. Nothing is live until you deploy the version. A spec with mistakes gets 400 `invalid_request`, which lists all of them. A name that is taken gets 409 `conflict`.',
      permissions: ['pipelines.write'],
      example: {
        body: {
          name: 'orders',
          spec: {
            trigger: {
              kind: 'http',
              path: '/orders/:id',
              methods: ['GET'],
              authentication: { apiKey: true },
            },
            steps: [{ proxy: { url: 'https://orders.example.com/orders/{id}' } }],
          },
        },
      },
    },
    getPipeline: {
      description: 'Answers with a pipeline and the spec of its newest version.',
      permissions: ['pipelines.read'],
      example: { path, after: ['createPipeline'] },
    },
    removePipeline: {
      description:
        'Removes a pipeline with all its versions and its associations with consumers. Its ended deployments stay in the history. While any version of it is deployed, the answer is 409 `conflict`.',
      permissions: ['pipelines.write'],
      example: {
        path,
        after: ['undeploy', 'listScheduleRuns', 'listVersions', 'getVersion', 'removeConsumer'],
      },
    },
    listVersions: {
      description: 'Lists the versions of a pipeline with their specs.',
      permissions: ['pipelines.read'],
      example: { path, after: ['createVersion'] },
    },
    getVersion: {
      description: 'Answers with one version of a pipeline: its spec as it was saved.',
      permissions: ['pipelines.read'],
      example: { path: { ...path, version: '1.0' }, after: ['createPipeline'] },
    },
    createVersion: {
      description:
        'Saves the spec as the next version: the next minor, such as 1.1, or with `bump: "major"` the next major, such as 2.0. Name in `base` the version that you have changed: if another version was saved since, the answer is 409 `conflict`, and nothing is lost. Live deployments do not change until you deploy the version. A spec with mistakes gets 400 `invalid_request`, which lists all of them.',
      permissions: ['pipelines.write'],
      example: {
        path,
        body: {
          base: '1.0',
          comment: 'Limit how often each consumer may call',
          spec: {
            trigger: {
              kind: 'http',
              path: '/orders/:id',
              methods: ['GET'],
              authentication: { apiKey: true },
              rateLimits: [{ requests: 100, per: 'minute', by: 'consumer' }],
            },
            steps: [{ proxy: { url: 'https://orders.example.com/orders/{id}' } }],
          },
        },
        after: ['createPipeline'],
      },
    },
    evaluateExpressions: {
      description:
        'Evaluates expressions over a sample message, as one step of a deployed pipeline would, without storing or recording anything. The answer is 200 also if an expression fails: `failure` then has the place and the reason that `step_failed` would have. An expression that is not valid gets 400 `invalid_request`. An organization can call this 120 times a minute.',
      permissions: ['pipelines.write'],
      example: {
        body: {
          expressions: [
            '{ "open": [body.items[n > 0]] }',
            '$fromMillis(0, "[H01]:[m01] [Z]", "Europe/Berlin")',
          ],
          message: { body: { items: [{ n: 1 }, { n: 0 }] }, auth: { consumer: 'Mobile App' } },
        },
      },
    },
    listScheduleRuns: {
      description:
        'Lists the runs of a pipeline with a schedule in one environment. `outcome` is `succeeded`, or the code of the problem that ended the run. `missed` (no gateway could start it in time) and `skipped` (the run before went on) did not run; `replaced` (by the next run) and `interrupted` (its process stopped) were ended early.',
      permissions: ['pipelines.read'],
      example: { path, query: { environment: 'prod' }, after: ['createPipeline'] },
    },
  },
}

import type { ResourceTexts } from './operation-text.ts'

const answers = {
  200: 'The dry run passed the gate. Nothing changed.',
  201: 'The version is live.',
}
const path = { deployment: '$DEPLOYMENT_ID' }

export const DEPLOYMENTS: ResourceTexts = {
  tag: {
    name: 'Deployments',
    description:
      'A deployment makes one version of a pipeline live in one environment, if it passes the gate.',
  },
  parameters: { deployment: 'The id of the deployment.' },
  operations: {
    listDeployments: {
      description:
        'Lists the live deployments, of one `environment` or one `pipeline` if you say so. Use `state=all` for the history, which includes ended deployments of removed pipelines. You see those if your permission is not limited to a project or pipeline.',
      permissions: ['pipelines.read'],
      example: { query: { environment: 'test' }, after: ['deploy'] },
    },
    deploy: {
      description:
        'Makes a version live in an environment and answers with its `url`. It replaces the live deployment of the same pipeline and major version. A version that does not pass the gate gets 422 `deployment_refused`, and `violations` lists every reason with its fix. With `dryRun` the version only passes the gate: the answer is 200 and nothing changes.',
      permissions: ['pipelines.deploy'],
      answers,
      example: {
        body: { pipeline: 'orders', version: '1.1', environment: 'test' },
        saves: { DEPLOYMENT_ID: '.id' },
        after: ['createVersion'],
      },
    },
    getDeployment: {
      description:
        'Answers with a deployment and its probe: for each route, the answer that a caller without credentials got just after the deployment. `alarm` is true if a route let that caller in although the pipeline requires authentication.',
      permissions: ['pipelines.read'],
      example: { path },
    },
    promote: {
      description:
        'Deploys the version of a live deployment in another environment, through the gate of that environment. A deployment that has ended gets 409 `conflict`, and a version that does not pass the gate 422 `deployment_refused`. Needs the second permission in the target environment.',
      permissions: ['pipelines.read', 'pipelines.deploy'],
      answers,
      example: { path, body: { environment: 'prod' }, after: ['setPolicy', 'getDeployment'] },
    },
    rollback: {
      description:
        'Deploys the version that was live before this deployment, in the same environment. The rollback is a deployment too, so you can roll it back. A deployment that has ended, or that no other version preceded, gets 409 `conflict`.',
      permissions: ['pipelines.deploy'],
      answers,
      example: { path, body: { dryRun: false }, after: ['promote'] },
    },
    redeploy: {
      description:
        'Deploys the version of a deployment again in the same environment, live or ended. It passes the gate as it is today, so it can get 422 `deployment_refused`. A deployment of a removed pipeline gets 409 `conflict`.',
      permissions: ['pipelines.deploy'],
      answers,
      example: {
        path,
        body: { dryRun: false },
        saves: { DEPLOYMENT_ID: '.id' },
        after: ['rollback'],
      },
    },
    undeploy: {
      description:
        'Ends a live deployment. Once the receipt is confirmed, its callers get 404 `route_not_found`. The deployment stays in the history. One that has ended already gets 404 `not_found`.',
      permissions: ['pipelines.deploy'],
      example: { path, query: { wait: '10' }, after: ['redeploy'] },
    },
  },
}

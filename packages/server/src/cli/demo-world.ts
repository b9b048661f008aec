import { DemoClient } from './demo-client.ts'

/** What the demo's commands need of the world that was made for them. */
export interface DemoWorld {
  readonly ownerToken: string
  readonly consumerToken: string
  readonly consumerKeyId: string
}

const ORGANIZATION = '/v1/organizations/acme'

/**
 * Makes the demo's organization through the management API alone: `test` takes anything, `prod` demands API keys,
 * `orders` is deployed in both, `reports` is deployed in `test` and will be refused in `prod`.
 */
export async function makeDemoWorld(
  controlUrl: string,
  setupToken: string,
  upstreamUrl: string,
): Promise<DemoWorld> {
  const setup = await new DemoClient(controlUrl).send<{ token: string }>('POST', '/v1/setup', {
    setupToken,
    organization: { slug: 'acme', name: 'Acme' },
  })
  const owner = new DemoClient(controlUrl, setup.token)
  await owner.send('PUT', `${ORGANIZATION}/environments/prod/policies/external-api-access`, {
    mode: 'api-key',
  })
  await publish(owner, 'orders', true, `${upstreamUrl}/orders/{id}`, ['test', 'prod'])
  await publish(owner, 'reports', false, `${upstreamUrl}/orders/{id}`, ['test'])
  const consumer = await owner.send<{ token: string; key: { id: string } }>(
    'POST',
    `${ORGANIZATION}/consumers`,
    {
      name: 'mobile-app',
      environment: 'prod',
      pipelines: ['orders'],
    },
  )
  return { ownerToken: setup.token, consumerToken: consumer.token, consumerKeyId: consumer.key.id }
}

async function publish(
  owner: DemoClient,
  name: string,
  apiKey: boolean,
  url: string,
  environments: readonly string[],
): Promise<void> {
  await owner.send('POST', `${ORGANIZATION}/pipelines`, {
    name,
    spec: {
      trigger: { kind: 'http', path: `/${name}/:id`, authentication: { apiKey } },
      steps: [{ proxy: { url } }],
    },
  })
  for (const environment of environments) {
    await owner.send('POST', `${ORGANIZATION}/deployments`, { pipeline: name, version: '1.0', environment })
  }
}

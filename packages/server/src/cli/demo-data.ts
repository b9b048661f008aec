/** The parts of the demo data that the printed commands use. */
export interface DemoData {
  readonly ownerToken: string
  readonly consumerToken: string
  readonly consumerKeyId: string
}

const ORGANIZATION = '/v1/organizations/acme'

/**
 * Creates the demo organization through the management API. `test` has no access policy, `prod` requires API keys. The
 * pipeline `orders` is deployed in both; `reports` is deployed in `test` and would be refused in `prod`.
 */
export async function createDemoData(
  controlUrl: string,
  setupToken: string,
  upstreamUrl: string,
): Promise<DemoData> {
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

/** A minimal client of the management API. */
class DemoClient {
  readonly #url: string
  readonly #token: string | undefined

  constructor(url: string, token?: string) {
    this.#url = url
    this.#token = token
  }

  /**
   * Sends a request and returns the response body.
   *
   * @throws Error with the status and body of an unsuccessful response
   */
  async send<T>(method: string, path: string, body: unknown): Promise<T> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        'content-type': 'application/json',
        ...(this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` }),
      },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${method} ${path} failed with ${response.status}: ${text}`)
    return JSON.parse(text) as T
  }
}

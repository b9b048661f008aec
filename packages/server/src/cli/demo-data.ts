import { randomBytes } from 'node:crypto'

/** The parts of the demo data that the printed commands use. */
export interface DemoData {
  readonly ownerToken: string
  readonly consumerToken: string
  readonly consumerKeyId: string
  /** The token of a key of the organization `partner`, which is an external key of `acme`. */
  readonly partnerToken: string
  readonly externalKeyId: string
  /** A person who owns `acme`. */
  readonly person: { readonly email: string; readonly password: string }
}

const ORGANIZATION = '/v1/organizations/acme'

/**
 * Creates the demo organization through the management API. `test` has no access policy, `prod` requires API keys. The
 * pipeline `orders` is deployed in both; `reports` is deployed in `test` and would be refused in `prod`. A key of the
 * organization `partner` may call `orders` in `prod`. A person owns `acme`.
 */
export async function createDemoData(
  controlUrl: string,
  setupToken: string,
  upstreamUrl: string,
): Promise<DemoData> {
  const person = { email: 'olivia@example.com', password: randomBytes(12).toString('base64url') }
  const setup = await new DemoClient(controlUrl).send<{ token: string }>('POST', '/v1/setup', {
    setupToken,
    organization: { slug: 'acme', name: 'Acme' },
    owner: { ...person, name: 'Olivia Owner' },
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
  return {
    ownerToken: setup.token,
    consumerToken: consumer.token,
    consumerKeyId: consumer.key.id,
    person,
    ...(await addPartner(controlUrl, owner)),
  }
}

/** Creates the organization `partner` with a key, and gives the key a role of `acme`. */
async function addPartner(
  controlUrl: string,
  owner: DemoClient,
): Promise<Pick<DemoData, 'partnerToken' | 'externalKeyId'>> {
  const { token } = await owner.send<{ token: string }>('POST', '/v1/organizations', {
    slug: 'partner',
    name: 'Partner Inc.',
  })
  const partner = new DemoClient(controlUrl, token)
  const made = await partner.send<{ token: string; key: { id: string } }>(
    'POST',
    '/v1/organizations/partner/keys',
    { name: 'ERP', type: 'secret' },
  )
  const permission = { permission: 'pipelines.invoke', environment: 'prod', pipeline: 'orders' }
  await owner.send('POST', `${ORGANIZATION}/roles`, { name: 'orders-caller', permissions: [permission] })
  const { id } = await owner.send<{ id: string }>('POST', `${ORGANIZATION}/external-keys`, {
    keyId: made.key.id,
    label: 'ERP of Partner Inc.',
    roles: ['orders-caller'],
  })
  return { partnerToken: made.token, externalKeyId: id }
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

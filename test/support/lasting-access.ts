import { ApiClient, textAt } from './api-client.ts'
import type { ExchangeKind } from './lasting-exchange.ts'
import type { LastingUpstream } from './lasting-upstream.ts'

const organization = '/v1/organizations/acme'

/** A consumer of `acme` with its key. */
export interface Caller {
  readonly consumerId: string
  readonly keyId: string
  readonly token: string
}

/**
 * Publishes a pipeline for exchanges of one kind. Its name and path are those of the kind unless given.
 *
 * @returns the id of the deployment
 */
export async function publishKind(
  acme: ApiClient,
  upstream: LastingUpstream,
  kind: ExchangeKind,
  authentication: object,
  name: string = kind,
): Promise<string> {
  const url = `${upstream.url}/${kind}`
  const spec = {
    trigger: {
      kind: 'http',
      path: `/${name}`,
      methods: kind === 'upload' ? ['POST'] : ['GET'],
      authentication,
    },
    steps: [kind === 'run' ? { call: { url } } : { proxy: { url } }],
  }
  await acme.must('POST', `${organization}/pipelines`, { name, spec })
  return await deploy(acme, name)
}

/** Makes version 1.0 of a pipeline live in `prod`. @returns the id of the deployment */
export async function deploy(acme: ApiClient, pipeline: string): Promise<string> {
  const body = { pipeline, version: '1.0', environment: 'prod' }
  return textAt(await acme.must('POST', `${organization}/deployments`, body), 'id')
}

/** Publishes a pipeline `login` that issues a JWT for an API key. */
export async function publishLogin(acme: ApiClient): Promise<void> {
  await acme.must('POST', `${organization}/pipelines`, {
    name: 'login',
    spec: {
      trigger: {
        kind: 'http',
        path: '/login',
        methods: ['POST'],
        login: true,
        authentication: { apiKey: true },
      },
      steps: [{ 'jwt.generate': { subject: '"caller"', expiresIn: '365d' } }],
    },
  })
  await deploy(acme, 'login')
}

/** Calls `login`. @returns the JWT. @throws Error if the call is refused */
export async function login(gatewayUrl: string, token: string): Promise<string> {
  const gateway = new ApiClient(gatewayUrl)
  const { body } = await gateway.call('POST', '/acme/prod/login', undefined, { 'x-api-key': token })
  return textAt(body, 'access_token')
}

let created = 0

/** Creates a consumer that may call the pipelines in `prod`, and those of a project. */
export async function createCaller(
  acme: ApiClient,
  pipelines: readonly string[],
  project?: string,
): Promise<Caller> {
  created += 1
  const projects = project === undefined ? [] : [project]
  const body = { name: `caller-${created}`, environment: 'prod', pipelines, projects }
  const made = await acme.must('POST', `${organization}/consumers`, body)
  return {
    consumerId: textAt(made, 'consumer', 'id'),
    keyId: textAt(made, 'key', 'id'),
    token: textAt(made, 'token'),
  }
}

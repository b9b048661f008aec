import { textAt, type ApiClient } from './api-client.ts'

/** How to call a published pipeline. */
export interface PublishedPipeline {
  /** The path on the gateway, such as `/acme/prod/files`. */
  readonly path: string
  readonly token: string
  readonly keyId: string
}

/**
 * Deploys a pipeline of `acme` to `prod` and creates a consumer that may call it.
 *
 * @param proxy the URL of the upstream, or the whole step
 * @param trigger additional members of the trigger, which requires an API key; its `path` defaults to `/{name}`
 */
export async function publishPipeline(
  acme: ApiClient,
  name: string,
  proxy: string | Readonly<Record<string, unknown>>,
  trigger: Readonly<Record<string, unknown>> = {},
): Promise<PublishedPipeline> {
  const organization = '/v1/organizations/acme'
  await acme.must('POST', `${organization}/pipelines`, {
    name,
    spec: {
      trigger: { kind: 'http', path: `/${name}`, authentication: { apiKey: true }, ...trigger },
      steps: [{ proxy: typeof proxy === 'string' ? { url: proxy } : proxy }],
    },
  })
  await acme.must('POST', `${organization}/deployments`, {
    pipeline: name,
    version: '1.0',
    environment: 'prod',
  })
  const created = await acme.must('POST', `${organization}/consumers`, {
    name: `caller-of-${name}`,
    environment: 'prod',
    pipelines: [name],
  })
  return { path: `/acme/prod/${name}`, token: textAt(created, 'token'), keyId: textAt(created, 'key', 'id') }
}

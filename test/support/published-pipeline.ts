import { textAt, type ApiClient } from './api-client.ts'

/** What a test needs to call a pipeline that it has published. */
export interface PublishedPipeline {
  /** The path on the gateway, such as `/acme/prod/files`. */
  readonly path: string
  readonly token: string
  readonly keyId: string
}

/**
 * Publishes a pipeline of `acme` in `prod` and makes a consumer that may call it.
 *
 * @param trigger what the trigger says beside asking for an API key; its `path` is `/{name}` unless given
 */
export async function publishPipeline(
  acme: ApiClient,
  name: string,
  upstreamUrl: string,
  trigger: Readonly<Record<string, unknown>> = {},
): Promise<PublishedPipeline> {
  const organization = '/v1/organizations/acme'
  await acme.must('POST', `${organization}/pipelines`, {
    name,
    spec: {
      trigger: { kind: 'http', path: `/${name}`, authentication: { apiKey: true }, ...trigger },
      steps: [{ proxy: { url: upstreamUrl } }],
    },
  })
  await acme.must('POST', `${organization}/deployments`, {
    pipeline: name,
    version: '1.0',
    environment: 'prod',
  })
  const made = await acme.must('POST', `${organization}/consumers`, {
    name: `caller-of-${name}`,
    environment: 'prod',
    pipelines: [name],
  })
  return { path: `/acme/prod/${name}`, token: textAt(made, 'token'), keyId: textAt(made, 'key', 'id') }
}

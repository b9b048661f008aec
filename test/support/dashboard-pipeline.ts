import type { ApiClient } from './api-client.ts'

/** Deploys a pipeline that needs an API key and answers "ok", at a path of its name. */
export async function publishPipeline(acme: ApiClient, name: string, environment = 'prod'): Promise<void> {
  await acme.must('POST', '/v1/organizations/acme/pipelines', {
    name,
    spec: {
      trigger: { kind: 'http', path: `/${name}`, authentication: { apiKey: true } },
      steps: [{ respond: { status: 200, body: 'ok' } }],
    },
  })
  await acme.must('POST', '/v1/organizations/acme/deployments', {
    pipeline: name,
    version: '1.0',
    environment,
  })
}

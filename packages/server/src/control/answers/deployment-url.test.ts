import { completeSpec } from '@sallyport/core'
import { expect, test } from 'vitest'
import { pipelineSpec } from '../../contract/spec/pipeline-spec.ts'
import { deploymentUrl } from './deployment-url.ts'

const gateway = {
  url: () => 'http://127.0.0.1:8081',
  hosts: [{ host: 'api.example.com', organization: 'acme', environment: 'prod' }],
}

function deployment(environment: string, trigger: Readonly<Record<string, unknown>> = {}) {
  const draft = pipelineSpec.parse({ trigger: { kind: 'rest', ...trigger }, steps: [{ respond: {} }] })
  return { organization: 'acme', environment, spec: completeSpec(draft, 'orders', 1) }
}

test("prefixes the path with organization and environment on the gateway's own URL", () => {
  expect(deploymentUrl(gateway, deployment('test'))).toBe('http://127.0.0.1:8081/acme/test/v1/orders')
})

test("uses only the path on the environment's own host", () => {
  expect(deploymentUrl(gateway, deployment('prod', { path: '/orders/:id' }))).toBe(
    'https://api.example.com/orders/:id',
  )
})

test('a schedule has no URL', () => {
  const trigger = { kind: 'schedule', schedule: '0 * * * *' }
  expect(deploymentUrl(gateway, deployment('prod', trigger))).toBeNull()
})

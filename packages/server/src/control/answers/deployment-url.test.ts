import { completeSpec, EnvironmentHosts } from '@sallyport/core'
import { expect, test } from 'vitest'
import { pipelineSpec } from '../../contract/spec/pipeline-spec.ts'
import { deploymentUrl } from './deployment-url.ts'

const gateway = {
  url: () => 'http://127.0.0.1:8081',
  hosts: new EnvironmentHosts(
    new Map([
      ['*.example.com', { organization: 'acme', environment: 'prod' }],
      ['api.example.com', { organization: 'acme', environment: 'prod' }],
      ['test.example.com', { organization: 'acme', environment: 'test' }],
      ['2001:db8::1', { organization: 'acme', environment: 'v6' }],
    ]),
  ),
}

function deployment(environment: string, trigger: Readonly<Record<string, unknown>> = {}) {
  const draft = pipelineSpec.parse({ trigger: { kind: 'rest', ...trigger }, steps: [{ respond: {} }] })
  return { organization: 'acme', environment, spec: completeSpec(draft, 'orders', 1) }
}

test("prefixes the path with organization and environment on the gateway's own URL", () => {
  expect(deploymentUrl(gateway, deployment('dev'))).toBe('http://127.0.0.1:8081/acme/dev/v1/orders')
})

test.each([
  ['prod', ['orders.example.com'], 'https://orders.example.com/v1/orders'],
  ['prod', ['test.example.com', '*.shops.example.com'], 'https://*.shops.example.com/v1/orders'],
  ['test', ['orders.example.com', 'test.example.com'], 'https://test.example.com/v1/orders'],
  ['test', ['orders.example.com'], null],
  ['dev', ['orders.example.com', 'orders.example'], null],
  ['v6', undefined, 'https://[2001:db8::1]/v1/orders'],
])("in %s, hosts %j give the URL of the first one that is the environment's", (environment, hosts, url) => {
  expect(deploymentUrl(gateway, deployment(environment, { hosts }))).toBe(url)
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

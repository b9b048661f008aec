import { expect, test } from 'vitest'
import { createHttpMetrics, createRegistry } from './metrics.ts'

test('counts responses and their durations by route and status', async () => {
  const registry = createRegistry()
  const metrics = createHttpMetrics(registry, 'control')
  metrics.recordResponse('GET', '/v1/whoami', 200, 0.004)
  metrics.recordResponse('GET', '/v1/whoami', 200, 0.2)
  metrics.recordResponse('GET', '/v1/whoami', 401, 0.001)
  const text = await registry.metrics()
  expect(text).toContain(
    'sallyport_control_http_requests_total{method="GET",route="/v1/whoami",status="200"} 2',
  )
  expect(text).toContain(
    'sallyport_control_http_request_duration_seconds_bucket{le="0.005",method="GET",route="/v1/whoami",status="200"} 1',
  )
})

test('two registries are independent', async () => {
  const first = createRegistry()
  const second = createRegistry()
  createHttpMetrics(first, 'control').recordResponse('GET', '/', 200, 0)
  createHttpMetrics(second, 'control')
  expect(await second.metrics()).not.toContain('status="200"')
})

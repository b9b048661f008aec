import { describe, expect, test } from 'vitest'
import type { Environment, TelemetryConfig } from './config.ts'
import { ConfigError } from './config-error.ts'
import { readConfig } from './read-config.ts'

function telemetry(environment: Environment): TelemetryConfig {
  return readConfig(environment).telemetry
}

/** What the error says about a variable; empty if it is valid. */
function problemOf(variable: string, value: string): string {
  try {
    readConfig({ [variable]: value })
    return ''
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

const COLLECTOR = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' }
const DEFAULTS = { protocol: 'http/protobuf', compression: 'none', timeoutMs: 10_000, headers: {} }

describe('nothing is exported', () => {
  test.each([
    ['without a collector', {}],
    ['with the name of a service alone', { OTEL_SERVICE_NAME: 'edge' }],
    ['when it is disabled', { ...COLLECTOR, OTEL_SDK_DISABLED: 'TRUE' }],
    ['with other exporters', { ...COLLECTOR, OTEL_TRACES_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' }],
  ])('%s', (_name, environment) => {
    expect(telemetry(environment)).toMatchObject({ traces: null, metrics: null })
  })
})

test('a collector gets both metrics and traces, each at its path', () => {
  expect(telemetry(COLLECTOR)).toMatchObject({
    traces: { url: 'http://localhost:4318/v1/traces', ...DEFAULTS },
    metrics: { url: 'http://localhost:4318/v1/metrics', ...DEFAULTS },
    metricsIntervalMs: 60_000,
    sampler: { followsParent: true, ratio: 1 },
    spansPerSecondMax: 100,
  })
})

test('paths are appended to the path of the collector, before its query', () => {
  expect(telemetry({ OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example.com/otlp/?a=1' }).traces?.url).toBe(
    'https://otel.example.com/otlp/v1/traces?a=1',
  )
})

test('the URL of one signal is taken as it is, and the other signal is not exported', () => {
  const { traces, metrics } = telemetry({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost:4318/t' })
  expect(traces?.url).toBe('http://localhost:4318/t')
  expect(metrics).toBeNull()
})

test('one signal can be left out', () => {
  const { traces, metrics } = telemetry({ ...COLLECTOR, OTEL_TRACES_EXPORTER: 'none' })
  expect(traces).toBeNull()
  expect(metrics).not.toBeNull()
})

test('headers are decoded, and those of a signal are added', () => {
  const { traces, metrics } = telemetry({
    ...COLLECTOR,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20abc, x-tenant = one ,',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'x-tenant=two',
  })
  expect(traces?.headers).toEqual({ authorization: 'Bearer abc', 'x-tenant': 'two' })
  expect(metrics?.headers).toEqual({ authorization: 'Bearer abc', 'x-tenant': 'one' })
})

test('a header can be called as a member of every object', () => {
  const { traces } = telemetry({ ...COLLECTOR, OTEL_EXPORTER_OTLP_HEADERS: '__proto__=x' })
  expect(Object.entries(traces?.headers ?? {})).toEqual([['__proto__', 'x']])
})

describe('no secret is shown by the problem of', () => {
  test.each([
    ['OTEL_EXPORTER_OTLP_HEADERS', 's3cr3t'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=s3cr3t%zz'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'authorization=s3cr3t%0a'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'a b=s3cr3t'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'content-length=s3cr3t'],
    ['OTEL_EXPORTER_OTLP_TRACES_HEADERS', 's3cr3t'],
    ['OTEL_EXPORTER_OTLP_METRICS_HEADERS', 's3cr3t'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://user:s3cr3t@localhost:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 's3cr3t'],
  ])('%s: %s', (variable, value) => {
    const problem = problemOf(variable, value)
    expect(problem).toContain(variable)
    expect(problem).not.toContain('s3cr3t')
  })
})

describe('the sampler', () => {
  test.each([
    ['always_on', undefined, { followsParent: false, ratio: 1 }],
    ['always_off', undefined, { followsParent: false, ratio: 0 }],
    ['traceidratio', '0.25', { followsParent: false, ratio: 0.25 }],
    ['parentbased_always_on', '0.25', { followsParent: true, ratio: 1 }],
    ['parentbased_always_off', undefined, { followsParent: true, ratio: 0 }],
    ['parentbased_traceidratio', '0', { followsParent: true, ratio: 0 }],
    ['parentbased_traceidratio', undefined, { followsParent: true, ratio: 1 }],
  ])('%s with %s', (name, ratio, sampler) => {
    expect(telemetry({ OTEL_TRACES_SAMPLER: name, OTEL_TRACES_SAMPLER_ARG: ratio }).sampler).toEqual(sampler)
  })
})

describe('a value is refused:', () => {
  test.each([
    ['OTEL_TRACES_SAMPLER', 'jaeger_remote', 'parentbased_traceidratio'],
    ['OTEL_TRACES_SAMPLER', 'constructor', 'parentbased_traceidratio'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.1', 'from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', '-0.1', 'from 0 to 1'],
    ['OTEL_EXPORTER_OTLP_PROTOCOL', 'grpc', '4318'],
    ['OTEL_EXPORTER_OTLP_COMPRESSION', 'zstd', 'gzip or none'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'localhost:4318', 'http://localhost:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'ftp://localhost', 'http://localhost:4318'],
    ['OTEL_TRACES_EXPORTER', 'console', 'otlp or none'],
    ['OTEL_SDK_DISABLED', 'yes', 'true or false'],
    ['OTEL_RESOURCE_ATTRIBUTES', 'prod', 'position 1'],
    ['OTEL_METRIC_EXPORT_INTERVAL', '10', 'from 1000'],
    ['SALLYPORT_SPANS_PER_SECOND', '0', 'from 1'],
    ['SALLYPORT_SPAN_PER_SECOND', '10', 'SALLYPORT_SPANS_PER_SECOND'],
    // The nearest name is always one of our own.
    ['SALLYPORT_OTEL_ENDPOINT', 'x', 'Did you mean SALLYPORT_'],
  ])('%s=%s', (variable, value, advice) => {
    const problem = problemOf(variable, value)
    expect(problem).toContain(`${variable}: `)
    expect(problem).toContain(advice)
  })
})

test('the name of the service is that of its own setting, or of the attributes', () => {
  const attributes = { OTEL_RESOURCE_ATTRIBUTES: 'service.name=from%20attributes' }
  expect(telemetry({}).serviceName).toBe('sallyport')
  expect(telemetry(attributes).serviceName).toBe('from attributes')
  expect(telemetry({ ...attributes, OTEL_SERVICE_NAME: 'edge' }).serviceName).toBe('edge')
})

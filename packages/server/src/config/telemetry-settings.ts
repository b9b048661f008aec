import type { OtlpProtocol, OtlpTarget, SamplerConfig, TelemetryConfig } from './config.ts'
import { quoted, SettingError } from './setting-values.ts'

/** The port that collectors listen on for OTLP over HTTP. */
const EXAMPLE = 'http://localhost:4318'
const URL_CHARS_MAX = 2048

/** The URL of a collector, such as `http://localhost:4318`. The path of a signal is appended to it. */
function parseEndpoint(text: string): string {
  const url = URL.parse(text)
  const isValid =
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    url.hash === '' &&
    text.length <= URL_CHARS_MAX
  // The value is not repeated, since it can contain credentials.
  if (!isValid) throw new SettingError(`This is not a URL of a collector. Use one such as ${EXAMPLE}.`)
  if (url.username !== '' || url.password !== '') {
    throw new SettingError(
      'The URL contains credentials. Put them in OTEL_EXPORTER_OTLP_HEADERS, such as authorization=Bearer%20….',
    )
  }
  return url.href
}

/** The URL for a signal below the collector's (OTLP exporter specification, "Endpoint URLs for OTLP/HTTP"). */
function signalUrl(endpoint: string, signal: 'traces' | 'metrics'): string {
  const url = new URL(endpoint)
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/${signal}`
  return url.href
}

const PAIRS_MAX = 64
/** The names of headers (RFC 9110 section 5.6.2), and the keys of W3C Baggage. */
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,256}$/
/** The values of headers (RFC 9110 section 5.5). */
const HEADER_VALUE = /^[\t\x20-\x7e]{0,4096}$/
/** Headers that the connection itself needs. */
const OWN_HEADERS = [
  'host',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'connection',
]

/**
 * Headers for the collector, as `name=value,…` with percent-encoded values.
 *
 * @throws SettingError that does not contain the values
 */
function parseOtlpHeaders(text: string): Readonly<Record<string, string>> {
  const headers = parsePairs(text, 'header')
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_VALUE.test(value)) {
      throw new SettingError(
        `The value of the header ${quoted(name)} has characters that are not allowed. Use visible ASCII and spaces.`,
      )
    }
    if (OWN_HEADERS.includes(name.toLowerCase())) {
      throw new SettingError(`The header ${quoted(name)} cannot be set. Leave it out.`)
    }
  }
  return headers
}

/** Attributes of the resource, as `name=value,…` with percent-encoded values. */
function parseResourceAttributes(text: string): Readonly<Record<string, string>> {
  return parsePairs(text, 'attribute')
}

function parsePairs(text: string, what: string): Record<string, string> {
  const pairs: Record<string, string> = {}
  const entries = text.split(',').map((entry) => entry.trim())
  if (entries.length > PAIRS_MAX) throw new SettingError(`There are more than ${PAIRS_MAX} ${what}s.`)
  for (const [index, entry] of entries.entries()) {
    if (entry === '') continue
    const [, name = '', value = ''] = /^([^=]*?)\s*=\s*(.*)$/.exec(entry) ?? []
    // Only the position is told: without an equals sign the entry could be a secret.
    if (!TOKEN.test(name)) {
      throw new SettingError(
        `The ${what} at position ${index + 1} is not valid. Use ${what === 'header' ? 'authorization=Bearer%20…' : 'deployment.environment.name=prod'}, separated by commas.`,
      )
    }
    try {
      Object.defineProperty(pairs, name, { value: decodeURIComponent(value), enumerable: true })
    } catch {
      throw new SettingError(`The value of the ${what} ${quoted(name)} is not percent-encoded correctly.`)
    }
  }
  return pairs
}

function parseOtlpProtocol(text: string): OtlpProtocol {
  if (text === 'http/protobuf' || text === 'http/json') return text
  throw new SettingError(
    `${quoted(text)} is not supported. Use http/protobuf or http/json, and the port of the collector for HTTP: 4318 unless it was changed.`,
  )
}

function parseCompression(text: string): 'gzip' | 'none' {
  if (text === 'gzip' || text === 'none') return text
  throw new SettingError(`${quoted(text)} is not supported. Use gzip or none.`)
}

/** Whether a signal is exported. @throws SettingError for any exporter but OTLP */
function parseExporter(text: string): 'otlp' | 'none' {
  if (text === 'otlp' || text === 'none') return text
  throw new SettingError(`${quoted(text)} is not supported. Use otlp or none.`)
}

/** `OTEL_SDK_DISABLED`: only "true", in any case, is true (specification of the environment variables). */
function parseDisabled(text: string): boolean {
  if (/^true$/i.test(text)) return true
  if (/^false$/i.test(text)) return false
  throw new SettingError(`${quoted(text)} is not valid. Use true or false.`)
}

const SERVICE_NAME = 'sallyport'
const SERVICE_NAME_CHARS_MAX = 255

function parseServiceName(text: string): string {
  if (text.length > SERVICE_NAME_CHARS_MAX) {
    throw new SettingError(`The name is longer than ${SERVICE_NAME_CHARS_MAX} characters.`)
  }
  return text
}

/** Samplers by their standard name, and whether they need a ratio. */
const SAMPLERS: Readonly<Record<string, { readonly followsParent: boolean; readonly ratio: number | null }>> =
  {
    always_on: { followsParent: false, ratio: 1 },
    always_off: { followsParent: false, ratio: 0 },
    traceidratio: { followsParent: false, ratio: null },
    parentbased_always_on: { followsParent: true, ratio: 1 },
    parentbased_always_off: { followsParent: true, ratio: 0 },
    parentbased_traceidratio: { followsParent: true, ratio: null },
  }

/** The sampler of a name; its ratio is null if `OTEL_TRACES_SAMPLER_ARG` has it. */
function parseSampler(text: string): Omit<SamplerConfig, 'ratio'> & { readonly ratio: number | null } {
  const sampler = Object.hasOwn(SAMPLERS, text) ? SAMPLERS[text] : undefined
  if (sampler === undefined) {
    throw new SettingError(`${quoted(text)} is not supported. Use ${Object.keys(SAMPLERS).join(', ')}.`)
  }
  return sampler
}

function parseRatio(text: string): number {
  const ratio = /^(?:0|1|0?\.\d{1,9}|1\.0{1,9}|0\.0{1,9})$/.test(text) ? Number(text) : -1
  if (ratio < 0 || ratio > 1) {
    throw new SettingError(`${quoted(text)} is not a ratio. Use a number from 0 to 1, such as 0.1.`)
  }
  return ratio
}

/** Makes the parser of a whole number within a range. */
function parseWithin(min: number, max: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : -1
    if (number < min || number > max) {
      throw new SettingError(`${quoted(text)} is not valid. Use a whole number from ${min} to ${max}.`)
    }
    return number
  }
}

/** Reads one variable: its parsed value, or the fallback if it is not set. */
type Read = <T>(variable: string, fallback: T, parse: (text: string) => T) => T

/** The settings of metrics and traces, under the standard names of OpenTelemetry where it has one. */
export function readTelemetry(read: Read): TelemetryConfig {
  const isDisabled = read('OTEL_SDK_DISABLED', false, parseDisabled)
  const endpoint = read<string | null>('OTEL_EXPORTER_OTLP_ENDPOINT', null, parseEndpoint)
  const tracesUrl = read<string | null>('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', null, parseEndpoint)
  const metricsUrl = read<string | null>('OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', null, parseEndpoint)
  const headers = read('OTEL_EXPORTER_OTLP_HEADERS', {}, parseOtlpHeaders)
  const collector = {
    protocol: read('OTEL_EXPORTER_OTLP_PROTOCOL', 'http/protobuf', parseOtlpProtocol),
    compression: read('OTEL_EXPORTER_OTLP_COMPRESSION', 'none', parseCompression),
    timeoutMs: read('OTEL_EXPORTER_OTLP_TIMEOUT', 10_000, parseWithin(1, 600_000)),
  }
  const targetOf = (
    signal: 'traces' | 'metrics',
    exporter: 'otlp' | 'none',
    url: string | null,
    ownHeaders: Readonly<Record<string, string>>,
  ): OtlpTarget | null => {
    // Without a collector nothing is exported, and its libraries are not loaded.
    const signalsUrl = url ?? (endpoint === null ? null : signalUrl(endpoint, signal))
    if (isDisabled || exporter === 'none' || signalsUrl === null) return null
    return { ...collector, url: signalsUrl, headers: { ...headers, ...ownHeaders } }
  }
  const sampler = read('OTEL_TRACES_SAMPLER', parseSampler('parentbased_always_on'), parseSampler)
  const attributes = read('OTEL_RESOURCE_ATTRIBUTES', {}, parseResourceAttributes)
  const ratio = read('OTEL_TRACES_SAMPLER_ARG', 1, parseRatio)
  return {
    // It has precedence over the attribute (specification of the environment variables).
    serviceName: read('OTEL_SERVICE_NAME', attributes['service.name'] ?? SERVICE_NAME, parseServiceName),
    resourceAttributes: attributes,
    traces: targetOf(
      'traces',
      read('OTEL_TRACES_EXPORTER', 'otlp', parseExporter),
      tracesUrl,
      read('OTEL_EXPORTER_OTLP_TRACES_HEADERS', {}, parseOtlpHeaders),
    ),
    metrics: targetOf(
      'metrics',
      read('OTEL_METRICS_EXPORTER', 'otlp', parseExporter),
      metricsUrl,
      read('OTEL_EXPORTER_OTLP_METRICS_HEADERS', {}, parseOtlpHeaders),
    ),
    metricsIntervalMs: read('OTEL_METRIC_EXPORT_INTERVAL', 60_000, parseWithin(1_000, 3_600_000)),
    sampler: { followsParent: sampler.followsParent, ratio: sampler.ratio ?? ratio },
    spansPerSecondMax: read('SALLYPORT_SPANS_PER_SECOND', 100, parseWithin(1, 100_000)),
  }
}

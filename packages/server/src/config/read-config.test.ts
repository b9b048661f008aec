import { availableParallelism } from 'node:os'
import { generateKeyPairSync } from 'node:crypto'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { QUOTA_LIMITS_DEFAULT } from '@sallyport/core'
import { quotaLimitsOf } from './config.ts'
import { ConfigError } from './config-error.ts'
import { readConfig } from './read-config.ts'
import { settingVariables } from './setting-variables.ts'

const ENROLMENT_TOKEN = `spe_${'A'.repeat(43)}.${'b'.repeat(43)}`
const MASTER_KEY = Buffer.alloc(32, 7).toString('base64')
const GITHUB_KEY = generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).publicKey.export({
  type: 'spki',
  format: 'pem',
})

/** The names of the invalid variables. */
function problemsOf(environment: Record<string, string>): string[] {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable }) => variable)
    throw error
  }
  return []
}

test('uses the defaults without any settings', () => {
  expect(readConfig({})).toEqual({
    control: { host: '127.0.0.1', port: 8080 },
    gateway: { host: '127.0.0.1', port: 8081 },
    gatewayUrl: null,
    controlHosts: [],
    publicUrl: null,
    dataFolder: resolve('./data'),
    databaseUrl: null,
    setupToken: null,
    masterKey: null,
    upstreamAllow: [],
    trustedProxies: [],
    hosts: [],
    maxStalenessSeconds: null,
    leaseSeconds: 4,
    gatewayLeaseSeconds: 10,
    controlUrls: [],
    enrolmentToken: null,
    writeDeadlineSeconds: 15,
    quotas: { limits: QUOTA_LIMITS_DEFAULT, ofOrganizations: {} },
    usageDays: { minute: 2, hour: 90, day: 730 },
    usageRows: 50_000_000,
    organizationsPerPerson: 20,
    smtp: null,
    mailFrom: null,
    signInProviders: [],
    signUpDomains: [],
    gitHubKeys: [],
    logLevel: 'info',
    accessLog: 'refused',
    cacheBytes: 67_108_864,
    gatewayThreads: 1,
    limits: { url: null, caFile: null, mode: 'local', waitMs: 50 },
    telemetry: {
      serviceName: 'sallyport',
      resourceAttributes: {},
      traces: null,
      metrics: null,
      metricsIntervalMs: 60_000,
      sampler: { followsParent: true, ratio: 1 },
      spansPerSecondMax: 100,
    },
  })
})

test('reads every setting', () => {
  const provider = {
    id: 'acme',
    name: 'Acme',
    issuer: 'https://id.example.com',
    clientId: 'sallyport',
    clientSecret: 'secret',
    scopes: ['openid'],
  }
  const config = readConfig({
    SALLYPORT_HOST: '0.0.0.0',
    SALLYPORT_PORT: '0',
    SALLYPORT_GATEWAY_HOST: '::',
    SALLYPORT_GATEWAY_PORT: '443',
    SALLYPORT_GATEWAY_URL: 'https://api.example.com/',
    SALLYPORT_PUBLIC_URL: 'https://console.example.com:8443/',
    SALLYPORT_CONTROL_HOSTS: 'Console.internal, 192.0.2.7,[2001:DB8::1],::1',
    SALLYPORT_DATA: '/var/lib/sallyport',
    SALLYPORT_DATABASE_URL: 'postgres://sallyport:secret@db/sallyport',
    SALLYPORT_SETUP_TOKEN: 'sixteen-letters!',
    SALLYPORT_MASTER_KEY: MASTER_KEY,
    SALLYPORT_UPSTREAM_ALLOW: '10.0.0.0/8, 192.168.1.7 ,fd00::/8',
    SALLYPORT_TRUSTED_PROXIES: '2001:db8::1',
    SALLYPORT_HOSTS: 'API.example.com=acme/prod,test.example.com=acme/test',
    SALLYPORT_MAX_STALENESS_SECONDS: '60',
    SALLYPORT_LEASE_SECONDS: '45',
    SALLYPORT_WRITE_DEADLINE_SECONDS: '20',
    SALLYPORT_GATEWAY_LEASE_SECONDS: '20',
    SALLYPORT_CONTROL_URL: 'https://one.example.com, http://127.0.0.1:8080/, https://one.example.com',
    SALLYPORT_ENROLMENT_TOKEN: ENROLMENT_TOKEN,
    SALLYPORT_QUOTAS: 'keys=500,acme/keys=7, acme/routes=0 ,constructor/keys=3',
    SALLYPORT_USAGE_DAYS: 'hour=30, day=365',
    SALLYPORT_USAGE_ROWS: '10000',
    SALLYPORT_SMTP_URL: 'smtps://me:secret@mail.example.com',
    SALLYPORT_MAIL_FROM: 'Sallyport <sallyport@example.com>',
    SALLYPORT_SIGN_IN_PROVIDERS: JSON.stringify([provider]),
    SALLYPORT_SIGN_UP_DOMAINS: 'example.com',
    SALLYPORT_ORGANIZATIONS_PER_PERSON: '0',
    SALLYPORT_GITHUB_KEYS: JSON.stringify({ public_keys: [{ key_identifier: 'one', key: GITHUB_KEY }] }),
    SALLYPORT_LOG_LEVEL: 'debug',
    SALLYPORT_ACCESS_LOG: 'all',
    SALLYPORT_CACHE_BYTES: '1048576',
    SALLYPORT_GATEWAY_THREADS: '3',
    SALLYPORT_LIMITS_URL: 'rediss://me:secret@cache.example.com/3',
    SALLYPORT_LIMITS_CA_FILE: '/etc/sallyport/limits.pem',
    SALLYPORT_LIMITS_MODE: 'exact',
    SALLYPORT_LIMITS_WAIT_MS: '20',
    SALLYPORT_SPANS_PER_SECOND: '7',
    OTEL_SDK_DISABLED: 'false',
    OTEL_SERVICE_NAME: 'edge',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=prod',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example.com',
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://traces.example.com/',
    OTEL_EXPORTER_OTLP_HEADERS: 'a=b',
    OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'c=d',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
    OTEL_EXPORTER_OTLP_TIMEOUT: '500',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
    OTEL_TRACES_SAMPLER_ARG: '0.5',
  })
  expect(config).toEqual({
    control: { host: '0.0.0.0', port: 0 },
    gateway: { host: '::', port: 443 },
    gatewayUrl: 'https://api.example.com',
    controlHosts: ['console.internal', '192.0.2.7', '2001:db8::1', '::1'],
    publicUrl: 'https://console.example.com:8443',
    dataFolder: '/var/lib/sallyport',
    databaseUrl: 'postgres://sallyport:secret@db/sallyport',
    setupToken: 'sixteen-letters!',
    masterKey: MASTER_KEY,
    upstreamAllow: ['10.0.0.0/8', '192.168.1.7/32', 'fd00::/8'],
    trustedProxies: ['2001:db8::1/128'],
    hosts: [
      { host: 'api.example.com', organization: 'acme', environment: 'prod' },
      { host: 'test.example.com', organization: 'acme', environment: 'test' },
    ],
    maxStalenessSeconds: 60,
    leaseSeconds: 45,
    gatewayLeaseSeconds: 20,
    controlUrls: ['https://one.example.com', 'http://127.0.0.1:8080'],
    enrolmentToken: ENROLMENT_TOKEN,
    writeDeadlineSeconds: 20,
    quotas: {
      limits: { ...QUOTA_LIMITS_DEFAULT, keys: 500 },
      ofOrganizations: { acme: { keys: 7, routes: 0 }, constructor: { keys: 3 } },
    },
    usageDays: { minute: 2, hour: 30, day: 365 },
    usageRows: 10_000,
    organizationsPerPerson: 0,
    smtp: {
      host: 'mail.example.com',
      port: 465,
      encryption: 'tls',
      isLocal: false,
      credentials: { user: 'me', password: 'secret' },
    },
    mailFrom: { name: 'Sallyport', address: 'sallyport@example.com' },
    signInProviders: [provider],
    signUpDomains: ['example.com'],
    gitHubKeys: [{ id: 'one', publicKey: GITHUB_KEY }],
    logLevel: 'debug',
    accessLog: 'all',
    cacheBytes: 1_048_576,
    gatewayThreads: 3,
    limits: {
      url: 'rediss://me:secret@cache.example.com/3',
      caFile: '/etc/sallyport/limits.pem',
      mode: 'exact',
      waitMs: 20,
    },
    telemetry: {
      serviceName: 'edge',
      resourceAttributes: { 'deployment.environment.name': 'prod' },
      traces: {
        url: 'https://traces.example.com/',
        protocol: 'http/json',
        compression: 'gzip',
        timeoutMs: 500,
        headers: { a: 'b', c: 'd' },
      },
      metrics: {
        url: 'https://otel.example.com/v1/metrics',
        protocol: 'http/json',
        compression: 'gzip',
        timeoutMs: 500,
        headers: { a: 'b' },
      },
      metricsIntervalMs: 1000,
      sampler: { followsParent: true, ratio: 0.5 },
      spansPerSecondMax: 7,
    },
  })
})

test('gives an organization its own quotas, and all others the same ones', () => {
  const { quotas } = readConfig({ SALLYPORT_QUOTAS: 'keys=500,acme/keys=7,constructor/keys=3' })
  expect(quotaLimitsOf(quotas, 'acme')).toEqual({ ...QUOTA_LIMITS_DEFAULT, keys: 7 })
  expect(quotaLimitsOf(quotas, 'constructor')).toEqual({ ...QUOTA_LIMITS_DEFAULT, keys: 3 })
  for (const slug of ['rival', 'toString', '__proto__']) {
    expect(quotaLimitsOf(quotas, slug)).toEqual({ ...QUOTA_LIMITS_DEFAULT, keys: 500 })
  }
})

test.each([
  'keys',
  'keys=',
  'keys=-1',
  'keys=1e3',
  'key=1',
  'acme/=1',
  'ACME/keys=1',
  'keys=1,keys=2',
  'a/b/keys=1',
])('rejects the quotas %s', (text) => {
  expect(problemsOf({ SALLYPORT_QUOTAS: text })).toEqual(['SALLYPORT_QUOTAS'])
})

test.each([
  'hour',
  'hour=',
  'hour=0',
  'hour=401',
  'minute=32',
  'day=3661',
  'day=-1',
  'week=1',
  'hour=1,hour=2',
  'hour=1d',
])('rejects the days of usage %s', (text) => {
  expect(problemsOf({ SALLYPORT_USAGE_DAYS: text })).toEqual(['SALLYPORT_USAGE_DAYS'])
})

test.each(['0', '9999', '1000000001', '1e6', '-1', 'all'])('rejects the rows of usage %s', (text) => {
  expect(problemsOf({ SALLYPORT_USAGE_ROWS: text })).toEqual(['SALLYPORT_USAGE_ROWS'])
})

test.each(['1', '1048575', '68719476737', '64MiB', '-1', '1e9'])('rejects the bytes %s', (text) => {
  expect(problemsOf({ SALLYPORT_CACHE_BYTES: text })).toEqual(['SALLYPORT_CACHE_BYTES'])
})

test.each(['0', '65', '-1', '1.5', 'all', 'AUTO'])('rejects %s threads', (text) => {
  expect(problemsOf({ SALLYPORT_GATEWAY_THREADS: text })).toEqual(['SALLYPORT_GATEWAY_THREADS'])
})

test('leaves a core to the rest of the process with "auto"', () => {
  const { gatewayThreads } = readConfig({ SALLYPORT_GATEWAY_THREADS: 'auto' })
  expect(gatewayThreads).toBe(Math.max(1, availableParallelism() - 1))
})

test('stores no responses with 0 bytes', () => {
  expect(readConfig({ SALLYPORT_CACHE_BYTES: '0' }).cacheBytes).toBe(0)
})

test('returns deeply frozen settings', () => {
  const config = readConfig({ SALLYPORT_HOSTS: 'a.example=acme/prod' })
  expect(Object.isFrozen(config)).toBe(true)
  expect(Object.isFrozen(config.control)).toBe(true)
  expect(Object.isFrozen(config.hosts[0])).toBe(true)
})

test.each([
  ['SALLYPORT_HOST', 'localhost', 'local host'],
  ['SALLYPORT_HOST', '::1', '::g'],
  ['SALLYPORT_MAX_STALENESS_SECONDS', '3', '2'],
  ['SALLYPORT_MAX_STALENESS_SECONDS', '604800', '604801'],
  ['SALLYPORT_MAX_STALENESS_SECONDS', '60', '60s'],
  ['SALLYPORT_LEASE_SECONDS', '3', '2'],
  ['SALLYPORT_LEASE_SECONDS', '86400', '86401'],
  ['SALLYPORT_LEASE_SECONDS', '30', '30s'],
  ['SALLYPORT_WRITE_DEADLINE_SECONDS', '5', '4'],
  ['SALLYPORT_WRITE_DEADLINE_SECONDS', '30', '31'],
  ['SALLYPORT_GATEWAY_LEASE_SECONDS', '2', '1'],
  ['SALLYPORT_GATEWAY_LEASE_SECONDS', '3600', '3601'],
  ['SALLYPORT_HOST', '10.0.0.1', 'http://10.0.0.1'],
  ['SALLYPORT_PORT', '65535', '65536'],
  ['SALLYPORT_PORT', '0', '-1'],
  ['SALLYPORT_PORT', '80', '0x50'],
  ['SALLYPORT_PORT', '80', 'tcp://10.0.0.1:80'],
  ['SALLYPORT_GATEWAY_PORT', '9000', '9e3'],
  ['SALLYPORT_GATEWAY_URL', 'https://api.example.com', 'api.example.com'],
  ['SALLYPORT_GATEWAY_URL', 'https://api.example.com', 'https://me@api.example.com'],
  ['SALLYPORT_GATEWAY_URL', 'https://api.example.com/base', 'https://api.example.com/?q'],
  ['SALLYPORT_PUBLIC_URL', 'https://console.example.com', 'https://console.example.com/base'],
  ['SALLYPORT_PUBLIC_URL', 'https://[2001:db8::1]', 'https://me@console.example.com'],
  ['SALLYPORT_PUBLIC_URL', 'http://localhost:3000', 'http://console.example.com'],
  ['SALLYPORT_PUBLIC_URL', 'http://127.0.0.1:8080', 'http://127.0.0.1.example.com'],
  ['SALLYPORT_PUBLIC_URL', 'http://[::1]', 'ftp://localhost'],
  ['SALLYPORT_DATABASE_URL', 'postgresql://db/x', 'mysql://db/x'],
  ['SALLYPORT_DATABASE_URL', 'postgres:///x', 'x'],
  ['SALLYPORT_SETUP_TOKEN', 'open', 'open sesame'],
  ['SALLYPORT_MASTER_KEY', MASTER_KEY, MASTER_KEY.slice(4)],
  ['SALLYPORT_MASTER_KEY', MASTER_KEY, `${MASTER_KEY.slice(0, -2)}_=`],
  ['SALLYPORT_UPSTREAM_ALLOW', '10.0.0.0/32', '10.0.0.0/33'],
  ['SALLYPORT_UPSTREAM_ALLOW', '10.0.0.0/8', '10.0.0.1/8'],
  ['SALLYPORT_UPSTREAM_ALLOW', '10.0.0.0', '10.0.0'],
  ['SALLYPORT_UPSTREAM_ALLOW', 'fe80::/10', 'fe80::%eth0/10'],
  ['SALLYPORT_TRUSTED_PROXIES', '10.0.0.1,10.0.0.2', '10.0.0.1;10.0.0.2'],
  ['SALLYPORT_HOSTS', 'api.example.com=acme/prod', 'api.example.com=acme'],
  ['SALLYPORT_HOSTS', 'api.example.com=acme/prod', 'api.example.com:443=acme/prod'],
  ['SALLYPORT_HOSTS', '*.example.com=acme/prod', '*.com=acme/prod'],
  ['SALLYPORT_HOSTS', '*.example.com=acme/prod', 'api*.example.com=acme/prod'],
  ['SALLYPORT_HOSTS', 'xn--bcher-kva.example=acme/prod', 'bücher.example=acme/prod'],
  ['SALLYPORT_HOSTS', 'api.example=acme/prod', 'api_1.example=acme/prod'],
  [
    'SALLYPORT_HOSTS',
    '*.a.b.example=acme/prod,*.b.example=acme/test',
    '*.a.example=acme/a,*.A.example=acme/b',
  ],
  ['SALLYPORT_HOSTS', 'a.example=acme/prod,a.example=acme/prod', 'a.example=acme/prod,A.example=acme/test'],
  ['SALLYPORT_LOG_LEVEL', 'warn', 'warning'],
  ['SALLYPORT_ACCESS_LOG', 'none', 'off'],
])('%s accepts %s and rejects %s', (variable, valid, invalid) => {
  expect(problemsOf({ [variable]: valid })).toEqual([])
  expect(problemsOf({ [variable]: invalid })).toEqual([variable])
})

test("a pattern of hosts cannot have the host of the gateway's URL, unless an environment has exactly that", () => {
  const settings = (url: string, hosts: string) => ({ SALLYPORT_GATEWAY_URL: url, SALLYPORT_HOSTS: hosts })
  const all = '*.example.com=acme/prod'
  for (const url of ['https://gateway.example.com', 'https://A.Gateway.example.com:8443/base']) {
    expect(problemsOf(settings(url, all))).toEqual(['SALLYPORT_HOSTS'])
  }
  expect(problemsOf(settings('https://gateway.example.org', all))).toEqual([])
  expect(problemsOf(settings('https://example.com', all))).toEqual([])
  expect(problemsOf(settings('https://api.example.com', `${all},api.example.com=acme/test`))).toEqual([])
  expect(() => readConfig(settings('https://gateway.example.com', all))).toThrow(
    '"*.example.com" takes the host of SALLYPORT_GATEWAY_URL, gateway.example.com, from all other environments.',
  )
})

test('hosts are read in the form in which they are compared', () => {
  const hosts = 'API.example.com=acme/a,*.Shops.example.com=acme/b,2001:DB8::0:1=acme/c,192.0.2.7=acme/d'
  expect(readConfig({ SALLYPORT_HOSTS: hosts }).hosts.map(({ host }) => host)).toEqual([
    'api.example.com',
    '*.shops.example.com',
    '2001:db8::1',
    '192.0.2.7',
  ])
})

test('treats an empty variable as unset', () => {
  expect(readConfig({ SALLYPORT_PORT: '', SALLYPORT_HOSTS: ' ' })).toEqual(readConfig({}))
})

describe('rejects unknown settings:', () => {
  test.each([
    ['SALLYPORT_PROT', 'SALLYPORT_PORT'],
    ['SALLYPORT_LOGLEVEL', 'SALLYPORT_LOG_LEVEL'],
    ['SALLYPORT_DB_URL', 'SALLYPORT_DATABASE_URL'],
    ['SALLYPORT_DATA_DIR', 'SALLYPORT_DATA'],
    ['SALLYPORT_TRUSTED_PROXY', 'SALLYPORT_TRUSTED_PROXIES'],
    ['SALLYPORT_GATEWAY_PROT', 'SALLYPORT_GATEWAY_PORT'],
    ['SALLYPORT_MAX_STALENESS', 'SALLYPORT_MAX_STALENESS_SECONDS'],
    ['SALLYPORT_HOSTNAME', 'SALLYPORT_HOST'],
    ['sallyport_port', 'SALLYPORT_PORT'],
    ['SALLYPORT_', 'SALLYPORT_'],
  ])('%s, suggesting %s', (variable, suggestion) => {
    expect(() => readConfig({ [variable]: 'hunter2' })).toThrow(`Did you mean ${suggestion}`)
    expect(() => readConfig({ [variable]: 'hunter2' })).not.toThrow('hunter2')
  })

  test('those that Kubernetes sets for a Service, saying how to avoid them', () => {
    for (const variable of ['SALLYPORT_SERVICE_HOST', 'SALLYPORT_PORT_80_TCP', 'SALLYPORT_DB_SERVICE_PORT']) {
      expect(() => readConfig({ [variable]: '10.0.0.1' })).toThrow('enableServiceLinks: false')
    }
  })

  test('but not empty ones, those of other programs, or other prefixes', () => {
    const others = {
      SALLYPORT_TYPO: '',
      SALLYPORT_TEST_POSTGRES_URL: 'x',
      SALLYPORT_URL: 'x',
      SALLY_PORT: 'x',
    }
    expect(problemsOf(others)).toEqual([])
  })
})

test('settingVariables names the settings that are set, also unknown ones', () => {
  const environment = {
    SALLYPORT_PORT: '1',
    SALLYPORT_DATA: 'x',
    sallyport_prot: '1',
    SALLYPORT_HOST: ' ',
    SALLYPORT_HOSTS: undefined,
    SALLYPORT_URL: 'x',
    SALLYPORT: 'x',
    PORT: '1',
  }
  expect(settingVariables(environment)).toEqual(['SALLYPORT_DATA', 'SALLYPORT_PORT', 'sallyport_prot'])
})

describe('rejects conflicting settings:', () => {
  const same = { SALLYPORT_PORT: '9000', SALLYPORT_GATEWAY_PORT: '9000' }
  test('both servers on the same port', () => {
    expect(problemsOf(same)).toEqual(['SALLYPORT_GATEWAY_PORT'])
    expect(problemsOf({ ...same, SALLYPORT_GATEWAY_HOST: '0.0.0.0' })).toEqual(['SALLYPORT_GATEWAY_PORT'])
    expect(problemsOf({ ...same, SALLYPORT_GATEWAY_HOST: '127.0.0.2' })).toEqual([])
    expect(problemsOf({ ...same, SALLYPORT_GATEWAY_HOST: 'localhost' })).toEqual(['SALLYPORT_GATEWAY_PORT'])
    expect(problemsOf({ SALLYPORT_PORT: '0', SALLYPORT_GATEWAY_PORT: '0' })).toEqual([])
  })

  test("a gateway URL that leads to the control plane's port", () => {
    for (const url of ['http://127.0.0.1:8080', 'http://localhost:8080/base']) {
      expect(problemsOf({ SALLYPORT_GATEWAY_URL: url })).toEqual(['SALLYPORT_GATEWAY_URL'])
    }
    expect(problemsOf({ SALLYPORT_GATEWAY_URL: 'http://127.0.0.1:8081' })).toEqual([])
    expect(problemsOf({ SALLYPORT_GATEWAY_URL: 'https://api.example.com:8080' })).toEqual([])
  })

  test('but takes them where one of the ports is not used', () => {
    const own = { SALLYPORT_CONTROL_URL: 'https://control.example.com' }
    for (const role of ['control', 'gateway', 'relay'] as const)
      expect(readConfig({ ...same, ...own }, role).control.port).toBe(9000)
    const behind = { SALLYPORT_GATEWAY_PORT: '8080', SALLYPORT_GATEWAY_URL: 'http://127.0.0.1:8080' }
    expect(readConfig({ ...behind, ...own }, 'gateway').gateway.port).toBe(8080)
    expect(() => readConfig(behind, 'control')).toThrow('SALLYPORT_GATEWAY_URL')
  })

  test('a short set-up token on an address that is not loopback', () => {
    const short = { SALLYPORT_SETUP_TOKEN: 'fifteen-letters' }
    expect(problemsOf({ ...short, SALLYPORT_HOST: '0.0.0.0' })).toEqual(['SALLYPORT_SETUP_TOKEN'])
    expect(problemsOf({ ...short, SALLYPORT_HOST: '127.0.0.1' })).toEqual([])
    expect(problemsOf({ SALLYPORT_SETUP_TOKEN: 'sixteen-letters!', SALLYPORT_HOST: '0.0.0.0' })).toEqual([])
  })
})

test.each(['12/secret', '12?secret', '12#secret', 'secret/12', '12?a=b/secret', 'a@b/secret'])(
  'rejects a database URL with the password %s, which is not percent-encoded, and shows no part of it',
  (password) => {
    const invalid = { SALLYPORT_DATABASE_URL: `postgres://me:${password}@db.example/mine` }
    expect(() => readConfig(invalid)).toThrow('percent-encode')
    expect(() => readConfig(invalid)).not.toThrow(/12|secret/)
  },
)

test.each([
  'postgres://me:s3cret%2F@db.example/mine',
  'postgres:///mine?host=/run/postgresql',
  'postgresql://db.example/mine?user=me@corp&password=x',
])('accepts the database URL %s', (url) => {
  expect(readConfig({ SALLYPORT_DATABASE_URL: url }).databaseUrl).toBe(url)
})

test('shows a database URL of another kind without its password', () => {
  const invalid = { SALLYPORT_DATABASE_URL: 'mysql://root:hunter2@db/x?password=hunter2' }
  expect(() => readConfig(invalid)).toThrow('mysql://root@db/x is not a postgres:// URL')
  expect(() => readConfig({ SALLYPORT_DATABASE_URL: 'mysql:hunter2' })).not.toThrow('hunter2')
})

test('reports all invalid settings at once, without secret values', () => {
  const invalid = {
    SALLYPORT_PORT: 'http',
    SALLYPORT_DATABASE_URL: 'mysql://root:hunter2@db/x',
    SALLYPORT_MASTER_KEY: 'hunter3',
    SALLYPORT_UPSTREAM_ALLOW: '10.0.0.0/8,ten,eleven',
    SALLYPORT_SETUP_TOKEN: 'hunter 4',
  }
  expect([...new Set(problemsOf(invalid))].toSorted()).toEqual(Object.keys(invalid).toSorted())
  // Each has a line of its own.
  expect(() => readConfig(invalid)).toThrow(
    /^ {2}SALLYPORT_UPSTREAM_ALLOW: "ten".*\n {2}SALLYPORT_UPSTREAM_ALLOW: "eleven"/m,
  )
  expect(() => readConfig(invalid)).not.toThrow(/hunter/)
})

test.each(['edge', 'spe_short.token', `${ENROLMENT_TOKEN}x`])(
  'never quotes an enrolment token: %s',
  (token) => {
    expect(() => readConfig({ SALLYPORT_ENROLMENT_TOKEN: token })).toThrow('The value is no enrolment token.')
  },
)

test.each([
  'http://control.example.com',
  'https://one.example.com/path',
  'https://one.example.com,ftp://two',
])('takes no control nodes at %s', (urls) => {
  expect(() => readConfig({ SALLYPORT_CONTROL_URL: urls })).toThrow('SALLYPORT_CONTROL_URL')
})

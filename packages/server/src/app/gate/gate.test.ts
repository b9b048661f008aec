import type { SpecDraft, Step, Violation } from '@sallyport/core'
import { completeSpec, deploymentFacts } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { LiveRoutes } from '../../store/port/deployments.ts'
import type { GateInput } from './gate.ts'
import { gateViolations } from './gate.ts'
import { secretsNamedIn } from './check-urls.ts'
import { draft, OPEN } from '../testing/drafts.ts'
import { servedHosts } from '../testing/served-hosts.ts'
import { hostWarnings } from './check-hosts.ts'

const proxy = (url: string, headers: Record<string, string> = {}): Step => ({
  kind: 'proxy',
  url,
  headers,
  timeoutMs: null,
})
const call = (url: string, headers: Record<string, string> = {}): Step => ({
  kind: 'call',
  url,
  method: 'POST',
  headers,
  body: null,
  timeoutMs: null,
})
const assertion: Step = { kind: 'assert', that: 'true', status: 400, code: 'x', detail: 'x' }
const respond: Step = { kind: 'respond', status: 204, headers: {}, body: null }

function live(pipeline: string, version: string, trigger: Partial<SpecDraft['trigger']>): LiveRoutes {
  const [major = 1, minor = 0] = version.split('.').map(Number)
  return {
    organization: 'acme',
    id: `dep_${pipeline}${version}`,
    environment: 'test',
    pipeline,
    major,
    minor,
    ...deploymentFacts(completeSpec(draft(trigger), pipeline, major)),
  }
}

function rulesOf(spec: SpecDraft, more: Partial<GateInput> = {}): string[] {
  return violationsOf(spec, more).map(({ rule, path }) => `${rule} ${path}`)
}

function violationsOf(spec: SpecDraft, more: Partial<GateInput> = {}): Violation[] {
  const input: GateInput = {
    pipeline: 'orders',
    major: 1,
    version: '1.3',
    previous: null,
    spec: completeSpec(spec, 'orders', 1),
    environment: 'test',
    mode: 'any',
    live: [],
    hidden: new Set(),
    secretNames: new Set(),
    variables: new Map<string, string>(),
    servedHosts: servedHosts('test', 'orders.example.com', '*.shops.example.com'),
    ...more,
  }
  return gateViolations(input)
}

describe('a version that must be live in the environment before', () => {
  const refusals = (previous: GateInput['previous']) => violationsOf(draft(OPEN), { previous })

  test('passes only with exactly this version', () => {
    expect(refusals({ name: 'dev', liveVersion: '1.3' })).toEqual([])
    expect(refusals(null)).toEqual([])
    for (const liveVersion of ['1.2', '1.4', '2.3', '1.30', null]) {
      expect(refusals({ name: 'dev', liveVersion })).toHaveLength(1)
    }
  })

  test('is refused with what is there and what to do', () => {
    expect(refusals({ name: 'dev', liveVersion: '1.2' })).toEqual([
      {
        rule: 'not-live-before',
        environment: 'test',
        path: '',
        required: 'version 1.3 live in dev',
        found: 'version 1.2 there',
        fix: 'Deploy version 1.3 to dev, then deploy it here.',
      },
    ])
    expect(refusals({ name: null, liveVersion: null })).toMatchObject([
      {
        required: 'version 1.3 live in the environment before it',
        found: 'no live version there',
        fix: 'Deploy version 1.3 to the environment before it, then deploy it here.',
      },
    ])
  })
})

test('lists every violation at once', () => {
  const spec = draft(
    { ...OPEN, path: '/orders/:id', routes: ['/orders/:number'], methods: ['GET', 'POST'] },
    [proxy('ftp://orders/{nr}'), respond],
  )
  const others = [live('taken', '1.0', { path: '/orders/:x', methods: ['POST'] })]
  expect(rulesOf(spec, { mode: 'jwt-and-api-key', live: others })).toEqual([
    'api-key-required /trigger/authentication/apiKey',
    'jwt-required /trigger/authentication/jwt',
    'route-conflict /trigger/path',
    'route-duplicate /trigger/routes/0',
    'step-unreachable /steps/1',
    'url-invalid /steps/0/proxy/url',
  ])
})

test('Certificates in TLS are valid, and its secrets exist', () => {
  const noCertificate = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'
  const settings = { certificate: '{secrets.CERTIFICATE}', key: '{secrets.KEY}', serverName: null }
  const step = proxy('https://up/')
  const spec = draft({}, [{ ...step, tls: { ca: noCertificate, ...settings } } as typeof step])
  expect(rulesOf(spec, { secretNames: new Set(['KEY']) })).toEqual([
    'secret-unknown /steps/0/proxy/tls/certificate',
    'certificate-invalid /steps/0/proxy/tls/ca',
  ])
})

describe('Routes', () => {
  const cases: readonly [mine: string, methods: string[], theirs: string, taken: boolean][] = [
    ['/a/:x', ['GET'], '/a/:y', true],
    ['/a/:x', ['POST'], '/a/:y', false],
    ['/a/:x', ['GET', 'POST'], '/a/:y', true],
    ['/a/:x', ['GET'], '/a/b', false],
    ['/a/*', ['GET'], '/a/*', true],
    ['/a/*', ['GET'], '/a/:x', false],
    ['/a', ['GET'], '/A', false],
    ['/', ['GET'], '/', true],
    ['/a/**', ['GET'], '/a/**', true],
    ['/a/**', ['GET'], '/a/*', false],
    ['/a/**', ['GET'], '/a', false],
    ['/:x/**', ['GET'], '/:y/**', true],
    ['/**', ['GET'], '/*', true],
    ['/a/', ['GET'], '/a', false],
    ['/a/', ['GET'], '/a/', true],
    ['/{id}.json', ['GET'], '/{sid}.json', true],
    ['/{id}.json', ['GET'], '/{id}.xml', false],
    ['/{id}', ['GET'], '/:x', true],
  ]
  test.each(cases)('%s for %j beside GET %s: conflict %s', (path, methods, theirs, taken) => {
    const others = [live('other', '1.0', { path: theirs })]
    expect(rulesOf(draft({ path, methods }), { live: others })).toEqual(
      taken ? ['route-conflict /trigger/path'] : [],
    )
  })

  test('conflict only in the methods of the path', () => {
    const routes = [
      { path: '/b', methods: ['GET'] },
      { path: '/c', methods: ['POST'] },
    ]
    const others = [live('other', '1.0', { path: '/a', methods: ['PUT'], routes })]
    const mine = ['/a', '/b', '/c'].map((path) => ({ path, methods: ['GET'] }))
    expect(rulesOf(draft({ path: '/x', routes: mine }), { live: others })).toEqual([
      'route-conflict /trigger/routes/1',
    ])
  })

  test('are two for each path with an optional final slash', () => {
    const others = [live('other', '1.0', { path: '/a/', routes: ['/b'], trailingSlash: 'optional' })]
    const rules = (trigger: Partial<SpecDraft['trigger']>): string[] =>
      rulesOf(draft({ methods: ['GET'], ...trigger }), { live: others })
    expect(rules({ path: '/x', routes: ['/a', '/b/'] })).toEqual([
      'route-conflict /trigger/routes/0',
      'route-conflict /trigger/routes/1',
    ])
    const itself = { path: '/x', routes: ['/y', '/x/'] }
    expect(rules({ ...itself, trailingSlash: 'optional' })).toEqual(['route-duplicate /trigger/routes/1'])
    expect(rules(itself)).toEqual([])
  })

  test('can be several for one path if each method is in one of them', () => {
    const others = [live('other', '1.0', { path: '/b', methods: ['PUT'] })]
    const rules = (...routes: SpecDraft['trigger']['routes']): string[] =>
      rulesOf(draft({ path: '/a', methods: ['GET'], routes }), { live: others })
    const post = { path: '/a', methods: ['POST'], request: { query: false } }
    expect(rules(post, { path: '/a', methods: ['PUT'] })).toEqual([])
    expect(rules(post, '/c', { path: '/b', methods: ['PUT'] })).toEqual(['route-conflict /trigger/routes/2'])
    expect(rules(post, '/c', { path: '/a', methods: ['PUT', 'POST'] })).toEqual([
      'route-duplicate /trigger/routes/2',
    ])
    expect(rules({ path: '/a', methods: ['GET'] })).toEqual(['route-duplicate /trigger/routes/0'])
  })

  test('conflicts with another major of the same pipeline, but not with the version that it replaces', () => {
    const spec = draft({ path: '/same' })
    expect(rulesOf(spec, { live: [live('orders', '1.7', { path: '/same' })] })).toEqual([])
    expect(rulesOf(spec, { live: [live('orders', '2.0', { path: '/same' })] })).toEqual([
      'route-conflict /trigger/path',
    ])
  })

  test('a conflict names the other deployment and the fix', () => {
    const input = {
      pipeline: 'orders',
      major: 1,
      version: '1.3',
      previous: null,
      spec: completeSpec(draft({ path: '/a/:x' }), 'orders', 1),
      environment: 'test',
      mode: 'any',
      live: [live('other', '3.4', { path: '/a/:y' })],
      hidden: new Set<string>(),
      secretNames: new Set<string>(),
      variables: new Map<string, string>(),
      servedHosts: servedHosts('test'),
    } as const
    expect(gateViolations(input)).toMatchObject([
      {
        found: 'other 3.4 serves GET /a/:y',
        environment: 'test',
        fix: expect.stringContaining('other 3.4'),
      },
    ])
  })

  test('a conflict does not name a hidden deployment or its parameters', () => {
    const hidden = [live('secret', '3.4', { path: '/a/:account' })]
    const others = [...hidden, live('known', '1.0', { path: '/a/:order' })]
    const ids = new Set(hidden.map(({ id }) => id))
    expect(violationsOf(draft({ path: '/a/:x' }), { live: others, hidden: ids })).toMatchObject([
      {
        found: 'a deployment that you may not see serves GET /a/:x',
        fix: 'Choose another path or other methods.',
      },
      { found: 'known 1.0 serves GET /a/:order' },
    ])
  })

  test('rejects malformed routes and routes of the gateway itself', () => {
    expect(rulesOf(draft({ path: 'a' }))).toEqual(['route-invalid /trigger/path'])
    expect(rulesOf(draft({ routes: ['/a/../b'] }))).toEqual(['route-invalid /trigger/routes/0'])
    expect(rulesOf(draft({ path: '/.well-known/jwks.json' }))).toEqual(['route-reserved /trigger/path'])
    expect(rulesOf(draft({ path: '/.well-known/jwks' }))).toEqual([])
    expect(rulesOf(draft({ methods: [] }))).toEqual(['methods-missing /trigger/methods'])
  })

  test('ignores the routes of a schedule', () => {
    const others = [live('other', '1.0', { path: '/v1/orders' })]
    const spec = draft({ kind: 'schedule', schedule: '0 0 * * *', methods: [] }, [respond])
    expect(rulesOf(spec, { live: others, mode: 'jwt-and-api-key' })).toEqual([])
  })
})

describe('Hosts', () => {
  const at = (...hosts: string[]): SpecDraft => draft({ path: '/a/:id', hosts })

  test.each([
    [['orders.example.com']],
    [['a.shops.example.com']],
    [['a.b.shops.example.com']],
    [['*.shops.example.com']],
    [['*.b.shops.example.com']],
    // It stands for those hosts of the environment that are below it.
    [['*.example.com']],
    // One of several is enough: the others are those of other environments.
    [['elsewhere.example', 'other.example.com', 'orders.example.com']],
  ])('%j belong to the environment', (hosts) => {
    expect(rulesOf(at(...hosts))).toEqual([])
  })

  test.each([
    [['other.example.com']],
    [['shops.example.com']],
    [['a.orders.example.com']],
    [['*.orders.example.com']],
    [['elsewhere.example', '*.elsewhere.example']],
  ])('%j do not belong to it', (hosts) => {
    expect(rulesOf(at(...hosts))).toEqual(['host-not-served /trigger/hosts'])
  })

  test('each host without effect gets a warning, which gives no other owner away', () => {
    const served = servedHosts('test', 'orders.example.com')
    const { trigger } = completeSpec(at('other.example.com', 'orders.example.com', 'x.example'), 'orders', 1)
    expect(hostWarnings({ trigger }, served).map(({ path, detail }) => [path, detail])).toEqual(
      [
        ['/trigger/hosts/0', 'other.example.com'],
        ['/trigger/hosts/2', 'x.example'],
      ].map(([path, host]) => [
        path,
        `This server does not map ${host} to test, so callers cannot reach this deployment there. If it is meant for this environment, ask the operator of the server to add ${host}=acme/test to SALLYPORT_HOSTS.`,
      ]),
    )
    expect(hostWarnings(completeSpec(draft(), 'orders', 1), served)).toEqual([])
  })

  test('the same path conflicts only at the same host', () => {
    const conflict = ['route-conflict /trigger/path']
    const others = (...hosts: string[]): Partial<GateInput> => ({
      live: [live('other', '1.0', { path: '/a/:x', hosts })],
    })
    expect(rulesOf(at('orders.example.com'), others('orders.example.com'))).toEqual(conflict)
    expect(rulesOf(at('orders.example.com'), others('a.shops.example.com', 'orders.example.com'))).toEqual(
      conflict,
    )
    expect(rulesOf(at('*.shops.example.com'), others('*.shops.example.com'))).toEqual(conflict)
    expect(rulesOf(at('orders.example.com'), others('a.shops.example.com'))).toEqual([])
    // Of a host, a pattern and any host, one has precedence.
    expect(rulesOf(at('a.shops.example.com'), others('*.shops.example.com'))).toEqual([])
    expect(rulesOf(at('orders.example.com'), { live: [live('other', '1.0', { path: '/a/:x' })] })).toEqual([])
    expect(rulesOf(draft({ path: '/a/:id' }), others('orders.example.com'))).toEqual([])
    // Hosts without effect conflict too: they have one as soon as the operator maps them.
    expect(
      rulesOf(at('orders.example.com', 'later.example'), others('a.shops.example.com', 'later.example')),
    ).toEqual(conflict)
    expect(violationsOf(at('orders.example.com'), others('orders.example.com'))).toMatchObject([
      {
        required: 'no other deployment in test that serves GET orders.example.com/a/:id',
        found: 'other 1.0 serves GET orders.example.com/a/:x',
      },
    ])
  })

  test('major versions of a pipeline conflict at the same host too', () => {
    const major = live('orders', '2.0', { path: '/a/:x', hosts: ['orders.example.com'] })
    expect(rulesOf(at('orders.example.com'), { live: [major] })).toEqual(['route-conflict /trigger/path'])
    expect(rulesOf(at('a.shops.example.com'), { live: [major] })).toEqual([])
  })
})

describe('Steps', () => {
  test('rejects steps after the one that responds; a pipeline needs no such step', () => {
    expect(rulesOf(draft({}, [respond, proxy('http://up/')]))).toEqual(['step-unreachable /steps/1'])
    expect(rulesOf(draft({}, [respond, assertion]))).toEqual(['step-unreachable /steps/1'])
    expect(rulesOf(draft({}, [assertion, respond]))).toEqual([])
    expect(rulesOf(draft({}, [assertion]))).toEqual([])
  })

  test('a schedule needs a time and cannot forward a request', () => {
    expect(rulesOf(draft({ kind: 'schedule' }, [proxy('http://up/')]))).toEqual([
      'schedule-missing /trigger/schedule',
      'step-needs-caller /steps/0/proxy',
    ])
  })

  test.each(['61 * * * *', '0 0 31 2 *', 'often'])('A schedule of "%s" never comes', (schedule) => {
    expect(rulesOf(draft({ kind: 'schedule', schedule }, [call('http://up/')]))).toEqual([
      'schedule-invalid /trigger/schedule',
    ])
  })

  test('a schedule cannot use path parameters', () => {
    const spec = (url: string): SpecDraft =>
      draft({ kind: 'schedule', schedule: '0 0 29 2 *' }, [call(url, { 'x-id': '{id}' })])
    expect(rulesOf(spec('http://up/{id}'))).toEqual([
      'url-parameter-unknown /steps/0/call/url',
      'header-parameter-unknown /steps/0/call/headers/x-id',
    ])
  })

  test('rejects URL parameters that a path of the trigger lacks', () => {
    const spec = (url: string): SpecDraft =>
      draft({ path: '/orders/:id', routes: ['/o/:id', '/files/*'] }, [proxy(url)])
    expect(rulesOf(spec('http://up/orders'))).toEqual([])
    expect(rulesOf(spec('http://up/{id}'))).toEqual(['url-parameter-unknown /steps/0/proxy/url'])
    expect(rulesOf(spec('http://up/{id}/{*}'))).toEqual([
      'url-parameter-unknown /steps/0/proxy/url',
      'url-parameter-unknown /steps/0/proxy/url',
    ])
    expect(rulesOf(draft({ path: '/orders/:id' }, [proxy('http://up/{id}')]))).toEqual([])
    expect(rulesOf(draft({ path: '/{a}-{b}.json' }, [proxy('http://up/{b}/{a}')]))).toEqual([])
  })

  test('takes {path} for the whole path, unless a path has a parameter of this name', () => {
    const rules = (path: string, routes: readonly string[]): string[] =>
      rulesOf(draft({ path, routes }, [proxy('http://up/{path}', { 'x-path': '{path}' })]))
    expect(rules('/users/**', ['/groups/**'])).toEqual([])
    expect(rules('/a/:path', ['/b/{path}.json'])).toEqual([])
    expect(rules('/a/:path', ['/b'])).toEqual([
      'url-parameter-unknown /steps/0/proxy/url',
      'header-parameter-unknown /steps/0/proxy/headers/x-path',
    ])
  })

  test.each(['http://user:pw@up/', 'http://{id}.up/', 'file:///etc/passwd', 'http://{secrets.X}/', 'up'])(
    '%s is refused',
    (url) => {
      expect(rulesOf(draft({ path: '/:id' }, [proxy(url)]))).toEqual(['url-invalid /steps/0/proxy/url'])
      expect(rulesOf(draft({ path: '/:id' }, [call(url)]))).toEqual(['url-invalid /steps/0/call/url'])
    },
  )

  /** Names that URL parsers take for addresses, or texts in brackets, which are none. */
  const UNREACHABLE = ['1.2.3.4.5', '999.1.1.1', '1.2.3.08', '[1.2.3.4]', '[1:2]']

  test.each(UNREACHABLE)('the host %s, to which no request can be sent, is refused', (host) => {
    expect(rulesOf(draft({}, [proxy(`http://${host}:81/x`)]))).toEqual(['url-invalid /steps/0/proxy/url'])
  })

  test.each(['1.2.3.4', 'v1.2.3.4.example', '1.2.3.x', '[::1.2.3.4]', '[1::2]'])(
    'the host %s passes',
    (host) => {
      expect(rulesOf(draft({}, [proxy(`http://${host}:81/x`)]))).toEqual([])
    },
  )

  test('a violation never repeats a credential of a URL', () => {
    for (const url of [
      'http://user:hunter2@up/x',
      'http://u:hunter2/@up\\/',
      'http://up/a b?token=hunter2 ',
      'http://up/a b#hunter2?',
      // The "@" is not where a valid URL has it.
      'http:/user:hunter2@up/',
      'user:hunter2@up/x',
      'http://user:hunter2?@up/',
      'http://user:hunter2#@up/',
    ]) {
      const spec = completeSpec(draft({}, [proxy(url)]), 'orders', 1)
      const input = {
        pipeline: 'orders',
        major: 1,
        version: '1.3',
        previous: null,
        spec,
        environment: 'test',
        mode: 'any',
        live: [],
        hidden: new Set<string>(),
        secretNames: new Set<string>(),
        variables: new Map<string, string>(),
        servedHosts: servedHosts('test'),
      } as const
      expect(gateViolations(input)).not.toEqual([])
      expect(JSON.stringify(gateViolations(input))).not.toContain('hunter2')
    }
  })

  test('rejects unknown secrets in URLs and headers', () => {
    const headers = { 'x/y': 'Bearer {secrets.TOKEN}', plain: 'secrets.TOKEN' }
    const spec = draft({}, [call('http://up/?key={secrets.KEY}', headers), proxy('http://up/', headers)])
    expect(rulesOf(spec)).toEqual([
      'secret-unknown /steps/0/call/url',
      'secret-unknown /steps/0/call/headers/x~1y',
      'secret-unknown /steps/1/proxy/headers/x~1y',
    ])
    expect(rulesOf(spec, { secretNames: new Set(['TOKEN', 'KEYS', 'key']) })).toEqual([
      'secret-unknown /steps/0/call/url',
    ])
    expect(rulesOf(spec, { secretNames: new Set(['TOKEN', 'KEY']) })).toEqual([])
  })

  test('rejects unknown variables in hosts, paths and headers, and values that do not fit', () => {
    const headers = { 'x/y': '{vars.TEAM}', plain: 'vars.TEAM' }
    const spec = draft({}, [call('http://{vars.HOST}:{vars.PORT}/x', headers)])
    expect(violationsOf(spec).map(({ rule, path, found }) => [rule, path, found])).toEqual([
      ['variable-unknown', '/steps/0/call/url', 'no variable "HOST" in test'],
      ['variable-unknown', '/steps/0/call/url', 'no variable "PORT" in test'],
      ['variable-unknown', '/steps/0/call/headers/x~1y', 'no variable "TEAM" in test'],
    ])
    const values = { HOST: 'up.example.com', PORT: '65535', TEAM: 'ours' }
    const rules = (more: Partial<typeof values>): string[] =>
      rulesOf(spec, { variables: new Map(Object.entries({ ...values, ...more })) })
    expect(rules({})).toEqual([])
    for (const more of [
      { PORT: '65536' },
      { HOST: 'evil.com/' },
      { HOST: 'a@b' },
      { PORT: '80/x' },
      ...UNREACHABLE.map((HOST) => ({ HOST })),
    ]) {
      expect(rules(more)).toEqual(['variable-unusable /steps/0/call/url'])
    }
  })

  test("parses every expression of every step and reports the parser's message", () => {
    const wrong = '$sum('
    const steps: readonly Step[] = [
      { kind: 'call', url: 'http://up/', method: 'POST', headers: {}, body: wrong, timeoutMs: null },
      { kind: 'transform', body: wrong, headers: { 'x-a': wrong, 'x-b': '"fine"' }, status: wrong },
      { kind: 'assert', that: wrong, status: 400, code: 'x', detail: wrong },
      { kind: 'credentials.verify', username: wrong, password: wrong },
      { kind: 'jwt.generate', subject: wrong, claims: wrong, scopes: wrong, expiresInSeconds: 60 },
      {
        kind: 'jwt.generate',
        subject: '"a"',
        claims: { 'a/b': wrong },
        scopes: [wrong],
        expiresInSeconds: 60,
      },
      { kind: 'jwt.decode', token: wrong },
      { kind: 'respond', status: 200, headers: {}, body: wrong },
    ]
    expect(rulesOf(draft({}, steps))).toEqual(
      [
        '/steps/0/call/body',
        '/steps/1/transform/body',
        '/steps/1/transform/headers/x-a',
        '/steps/1/transform/status',
        '/steps/2/assert/that',
        '/steps/3/credentials.verify/username',
        '/steps/3/credentials.verify/password',
        '/steps/4/jwt.generate/subject',
        '/steps/4/jwt.generate/claims',
        '/steps/4/jwt.generate/scopes',
        '/steps/5/jwt.generate/claims/a~1b',
        '/steps/6/jwt.decode/token',
      ].map((path) => `expression-invalid ${path}`),
    )
    const [violation] = violationsOf(draft({}, [{ kind: 'jwt.decode', token: 'body.(' }]))
    expect(violation?.found).toMatch(/^The expression is not valid JSONata: .+position \d+/)
  })

  test('a JWT needs no claims and no scopes', () => {
    const generate: Step = {
      kind: 'jwt.generate',
      subject: '"me"',
      claims: null,
      scopes: null,
      expiresInSeconds: 60,
    }
    expect(rulesOf(draft({}, [generate]))).toEqual([])
  })

  test('names the secrets that the calls of a version use', () => {
    const headers = { authorization: 'Bearer {secrets.TOKEN}' }
    const steps = [
      assertion,
      call('http://up/?key={secrets.KEY}', headers),
      proxy('http://up/{secrets.PATH}', headers),
      respond,
    ]
    expect(secretsNamedIn({ steps })).toEqual(new Set(['KEY', 'PATH', 'TOKEN']))
    // A text that is no valid template names none.
    expect(secretsNamedIn({ steps: [call('up/{secrets.KEY}', { 'x-a': '{secrets.A}\n' })] })).toEqual(
      new Set(),
    )
  })

  test('parses no expression if all together are too long', () => {
    const longest = `1 ${' '.repeat(8190)}`
    const steps = (count: number): Step[] =>
      Array.from({ length: count }, () => ({ kind: 'jwt.decode', token: longest }))
    expect(rulesOf(draft({}, steps(8)))).toEqual([])
    // Steps without an expression do not count.
    expect(rulesOf(draft({}, [...steps(8), call('http://up/'), proxy('http://up/')]))).toEqual([])
    expect(rulesOf(draft({}, [...steps(8), respond]))).toEqual([])
    expect(rulesOf(draft({}, [...steps(8), { kind: 'jwt.decode', token: '(' }]))).toEqual([
      'expressions-too-long /steps',
    ])
  })
})

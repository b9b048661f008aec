import { completeSpec, deploymentFacts, type HeaderRule, type SpecDraft, type Step } from '@sallyport/core'
import { expect, test } from 'vitest'
import { draft, OPEN } from '../testing/drafts.ts'
import { servedHosts } from '../testing/served-hosts.ts'
import { gateViolations } from './gate.ts'
import { gateWarnings } from './warnings.ts'

// What a developer reads: where a version is refused, what is required, what was found, and what to do.

const proxy = (url: string, headers: Record<string, string> = {}): Step => ({
  kind: 'proxy',
  url,
  headers,
  timeoutMs: null,
})
const call = (url: string, headers: Record<string, HeaderRule> = {}): Step => ({
  kind: 'call',
  url,
  method: 'POST',
  headers,
  body: null,
  timeoutMs: null,
})
const respond: Step = { kind: 'respond', status: 204, headers: {}, body: null }
const oauthToken: Step = {
  kind: 'oauth.token',
  tokenUrl: 'https://id.example.com/token',
  clientId: 'me',
  clientSecret: '{secrets.CLIENT}',
  scopes: [],
  audience: null,
  authentication: 'basic',
  timeoutMs: 10_000,
}
const decode = (token: string): Step => ({ kind: 'jwt.decode', token })
const schedule = { kind: 'schedule', schedule: '0 0 * * *' } as const

const live = draft({ path: '/a/:y', methods: ['GET', 'PUT', 'POST'] }, [proxy('http://up/a')])
const other = {
  organization: 'acme',
  id: 'dep_1',
  environment: 'test',
  pipeline: 'other',
  major: 3,
  minor: 4,
  ...deploymentFacts(completeSpec(live, 'other', 3)),
}

type Texts = readonly [at: string, required: string, found: string, fix: string]

test.each<[SpecDraft, Texts]>([
  [
    draft({ methods: [] }),
    [
      'methods-missing /trigger/methods',
      'at least one method',
      'none',
      'List the methods that callers use, such as GET.',
    ],
  ],
  [
    draft({ path: 'a' }),
    ['route-invalid /trigger/path', 'Start the path with "/".', 'a', 'Correct the path.'],
  ],
  [
    draft({ path: '/.well-known/jwks.json' }),
    [
      'route-reserved /trigger/path',
      'a path that the gateway itself does not serve',
      '/.well-known/jwks.json',
      'Choose another path.',
    ],
  ],
  [
    draft({ path: '/x/:id', routes: ['/y', '/x/:nr'] }),
    [
      'route-duplicate /trigger/routes/1',
      'no two routes that match the same requests',
      '/x/:nr matches the same requests as /x/:id',
      'Remove /x/:nr.',
    ],
  ],
  [
    draft({ path: '/a/:x', methods: ['POST', 'GET', 'DELETE'] }),
    [
      'route-conflict /trigger/path',
      'no other deployment in test that serves GET, POST /a/:x',
      'other 3.4 serves GET, POST /a/:y',
      'Choose another path or other methods, or remove the deployment of other 3.4 first.',
    ],
  ],
  [
    draft({ kind: 'schedule' }, [decode('body')]),
    [
      'schedule-missing /trigger/schedule',
      'a schedule',
      'none',
      'Add a schedule, such as schedule: "*/5 * * * *".',
    ],
  ],
  [
    draft({ ...schedule, schedule: 'often' }, [decode('body')]),
    [
      'schedule-invalid /trigger/schedule',
      'five cron fields that come: minute, hour, day of the month, month and day of the week',
      'often',
      'A schedule has five fields with one space between them: minute, hour, day of the month, month and day of the week, such as "*/5 * * * *".',
    ],
  ],
  [
    draft({ ...schedule, timeZone: 'Europe/Bonn' }, [decode('body')]),
    [
      'schedule-invalid /trigger/timeZone',
      'a name of the IANA time zone database that this server knows',
      'Europe/Bonn',
      'Use a name such as Europe/Berlin, or update the server.',
    ],
  ],
  [
    draft({}, [respond, decode('body')]),
    [
      'step-unreachable /steps/1',
      'respond as the last step',
      'jwt.decode after it',
      'Move jwt.decode before it, or remove it.',
    ],
  ],
  [
    draft(schedule, [proxy('http://up/')]),
    [
      'step-needs-caller /steps/0/proxy',
      'a trigger with a caller, whose request is forwarded',
      'trigger.kind: schedule',
      'Use call instead: a schedule has no request to forward.',
    ],
  ],
  [
    draft({}, [proxy('ftp://me:pw@up/a?b')]),
    [
      'url-invalid /steps/0/proxy/url',
      'The URL must start with "http://" or "https://" and a host.',
      'ftp://…',
      'Correct the URL.',
    ],
  ],
  [
    draft({}, [proxy('me:pw@http://up/')]),
    [
      'url-invalid /steps/0/proxy/url',
      'The URL must start with "http://" or "https://" and a host.',
      '…',
      'Correct the URL.',
    ],
  ],
  [
    draft({}, [proxy('up/a?b')]),
    [
      'url-invalid /steps/0/proxy/url',
      'The URL must start with "http://" or "https://" and a host.',
      'up/a?…',
      'Correct the URL.',
    ],
  ],
  [
    draft({}, [call('http://up/', { 'x-a': 'a\nb' })]),
    [
      'header-invalid /steps/0/call/headers/x-a',
      'The header value has a character that cannot be sent: use printable ASCII without line breaks.',
      'the header x-a',
      'Correct the header.',
    ],
  ],
  [
    draft({ path: '/x/:id', routes: ['/y', '/z'] }, [proxy('http://up/{id}')]),
    [
      'url-parameter-unknown /steps/0/proxy/url',
      ':id in every path of the trigger',
      'no :id in /y, /z',
      'Add :id to every path, or remove {id} from the URL.',
    ],
  ],
  [
    draft({ path: '/x/*', routes: ['/y'] }, [proxy('http://up/{*}')]),
    [
      'url-parameter-unknown /steps/0/proxy/url',
      '* in every path of the trigger',
      'no * in /y',
      'Add * to every path, or remove {*} from the URL.',
    ],
  ],
  [
    draft(schedule, [call('http://up/{id}')]),
    [
      'url-parameter-unknown /steps/0/call/url',
      ':id in every path of the trigger',
      'trigger.kind: schedule, which has no path',
      'Remove {id} from the URL: a schedule has no path.',
    ],
  ],
  [
    draft({ path: '/x' }, [call('http://up/', { 'x-a': '{id}' })]),
    [
      'header-parameter-unknown /steps/0/call/headers/x-a',
      ':id in every path of the trigger',
      'no :id in /x',
      'Add :id to every path, or remove {id} from the header.',
    ],
  ],
  [
    draft({}, [call('http://up/', { 'x-a': '{secrets.TOKEN}' })]),
    [
      'secret-unknown /steps/0/call/headers/x-a',
      'only secrets that exist in the environment',
      'no secret "TOKEN" in test',
      'Set the secret "TOKEN" in test, or remove {secrets.TOKEN} from the header.',
    ],
  ],
  [
    draft({}, [
      call('http://up/', {
        'x-a': { by: 'consumer', values: { 'Mobile App': '{secrets.TOKEN}' }, otherwise: null },
      }),
    ]),
    [
      'secret-unknown /steps/0/call/headers/x-a/values/Mobile App',
      'only secrets that exist in the environment',
      'no secret "TOKEN" in test',
      'Set the secret "TOKEN" in test, or remove {secrets.TOKEN} from the header.',
    ],
  ],
  [
    draft({}, [call('http://up/', { 'x-a': 'Bearer {oauth.token}' })]),
    [
      'oauth-token-missing /steps/0/call/headers/x-a',
      'a step oauth.token before the use of its token',
      '{oauth.token} in the header x-a, and no such step before',
      'Add a step oauth.token before this one, or remove {oauth.token} from the header.',
    ],
  ],
  [
    draft({}, [oauthToken]),
    [
      'secret-unknown /steps/0/oauth.token/clientSecret',
      'only secrets that exist in the environment',
      'no secret "CLIENT" in test',
      'Set the secret "CLIENT" in test, or remove {secrets.CLIENT} from the field.',
    ],
  ],
  [
    draft({}, [call('http://{vars.HOST}/', {})]),
    [
      'variable-unknown /steps/0/call/url',
      'only variables that exist in the environment',
      'no variable "HOST" in test',
      'Set the variable "HOST" in test, or remove {vars.HOST} from the URL.',
    ],
  ],
  [
    draft({ hosts: ['other.example.com', 'b.example.com'] }),
    [
      'host-not-served /trigger/hosts',
      'at least one host that this server maps to test',
      'other.example.com, b.example.com',
      'Ask the operator of the server to add other.example.com=acme/test to SALLYPORT_HOSTS, or add a host that it has for test: a.example.com, *.b.example.com.',
    ],
  ],
  [
    draft({}, [decode('body.(')]),
    [
      'expression-invalid /steps/0/jwt.decode/token',
      'a JSONata expression',
      'The expression is not valid JSONata: Expected ")" before end of expression (S0203 at position 6).',
      'Correct the expression.',
    ],
  ],
  [
    draft(
      {},
      Array.from({ length: 9 }, () => decode(`1 ${' '.repeat(8190)}`)),
    ),
    [
      'expressions-too-long /steps',
      'at most 65536 characters of expressions in a version',
      '73728 characters',
      'Shorten the expressions, or split the work between pipelines.',
    ],
  ],
])('%#: a refusal says what is required, what was found, and what to do', (spec, texts) => {
  const violations = gateViolations({
    pipeline: 'orders',
    major: 1,
    version: '1.3',
    previous: null,
    spec: completeSpec(spec, 'orders', 1),
    environment: 'test',
    mode: 'any',
    live: [other],
    hidden: new Set(),
    secretNames: new Set(),
    variables: new Map<string, string>(),
    servedHosts: servedHosts('test', 'a.example.com', '*.b.example.com'),
  })
  expect(violations.map(({ rule, path, ...rest }) => ({ at: `${rule} ${path}`, ...rest }))).toEqual([
    { at: texts[0], environment: 'test', required: texts[1], found: texts[2], fix: texts[3] },
  ])
})

const generate: Step = {
  kind: 'jwt.generate',
  subject: '"me"',
  claims: null,
  scopes: null,
  expiresInSeconds: 60,
}
const verify: Step = { kind: 'credentials.verify', username: 'body.user', password: 'body.password' }
const transform: Step = { kind: 'transform', body: '{}', headers: {}, status: null }

test.each<[SpecDraft, string, string]>([
  [
    draft({ authentication: { apiKey: false, jwt: true, basic: true } }),
    'authorization-shared',
    'Basic credentials and a JWT both use the header Authorization. Callers must send the JWT in x-access-token.',
  ],
  [
    draft({ encodedSlashes: 'allow' }),
    'encoded-slashes-allowed',
    'The trigger accepts %2F in a path. If the upstream, or a proxy in front of it, reads %2F as "/", callers reach other paths of the upstream than this route shows. Allow encoded slashes only for an upstream that keeps them.',
  ],
  [
    draft({ ...OPEN, ...schedule }, [verify]),
    'caller-missing',
    'A schedule has no caller, so there is no credential to verify.',
  ],
  [
    draft({ ...OPEN, ...schedule }, [respond]),
    'caller-missing',
    'A schedule has no caller, so this response is discarded.',
  ],
  [
    draft({ ...OPEN, ...schedule }, [generate]),
    'token-of-nobody',
    'The JWT belongs to no consumer and no key, so revoking one does not end it. Demand an API key or Basic credentials, or verify credentials before this step.',
  ],
  [
    draft({ login: true }, [generate, proxy('http://elsewhere/')]),
    'login-answer-lost',
    "The proxy step returns the upstream's own response, so the caller never receives the JWT. End with respond or jwt.generate, and use call for the upstream.",
  ],
  [
    draft({}, [{ ...transform, body: 'body.items[n > 0]' }]),
    'list-varies',
    'The result is a list only if there are several items: a single item comes without its list, and without items there is no value. Write the expression within [ ] for a list in every case, or [0] behind it for the first item alone.',
  ],
  [
    draft({}, [{ ...transform, body: '{ "a": { "b": body.items[n > 0] } }' }]),
    'list-varies',
    'The member "a.b" of the result is a list only if there are several items: a single item comes without its list, and without items there is no value. Write the expression within [ ] for a list in every case, or [0] behind it for the first item alone.',
  ],
  [
    draft({}, [transform, proxy('http://elsewhere/')]),
    'transform-unused',
    "The proxy step forwards the caller's own request, so the values of this step do not reach the upstream.",
  ],
  [
    draft({ authentication: { apiKey: false, jwt: true, basic: false } }, [proxy('http://up/a')]),
    'guarded-path-exposed',
    'Callers of other 3.4 can reach upstream paths of this URL without the credentials or addresses that this pipeline requires. Require the same there, or narrow the path of that URL.',
  ],
  [
    draft({ acceptsPublicKeys: true }, [proxy('http://up/a')]),
    'guarded-path-reachable',
    'This URL can reach upstream paths that other 3.4 guards with credentials or addresses that this pipeline does not require. Require the same, or narrow the path of the URL.',
  ],
])('%#: a warning says what is likely wrong, and what to do', (spec, rule, detail) => {
  const warnings = gateWarnings(completeSpec(spec, 'orders', 1), [other])
  expect(warnings).toContainEqual({ rule, path: expect.any(String) as string, detail })
})

import { expect, test } from 'vitest'
import { helpAt } from './about.ts'
import { completionsAt } from './completions.ts'

/** The text with the cursor at "|", after the suggestion is taken. */
function taken(marked: string, label: string): string | undefined {
  const at = marked.indexOf('|')
  const text = marked.replace('|', '')
  const found = completionsAt(text, at)
  const option = found?.options.find((one) => one.label === label)
  if (found === undefined || option === undefined) return undefined
  return `${text.slice(0, found.from)}${option.insert}|${text.slice(found.to)}`
}

function labels(marked: string): readonly string[] {
  const found = completionsAt(marked.replace('|', ''), marked.indexOf('|'))
  return found?.options.map(({ label }) => label) ?? []
}

const STEPS = [
  'proxy',
  'call',
  'transform',
  'assert',
  'credentials.verify',
  'jwt.generate',
  'jwt.decode',
  'oauth.token',
  'respond',
]

test.each<[string, readonly string[]]>([
  ['|', ['trigger', 'steps']],
  ['trigger:\n  kind: http\n|', ['steps']],
  ['trigger:\n  kind: schedule\n  |', ['schedule', 'timeZone', 'overlap', 'catchUp', 'limits']],
  [
    'trigger:\n  kind: schedule\n  s|: x\nsteps: []',
    ['schedule', 'timeZone', 'overlap', 'catchUp', 'limits'],
  ],
  ['trigger:\n  kind: |', ['rest', 'http', 'http-file', 'schedule']],
  ['trigger:\n  kind: sc|hed # comment', ['rest', 'http', 'http-file', 'schedule']],
  ['trigger:\n  kind: http\n  login: |\n', ['true', 'false']],
  ['trigger:\n  kind: http\n  cors: |\n', ['null']],
  ['trigger:\n  kind: http\n  authentication:\n    |\nsteps: []', ['apiKey', 'jwt', 'basic']],
  ['trigger:\n  kind: http\n  authentication: { jwt: true, a| }', ['apiKey', 'basic']],
  ['trigger: { kind: http, methods: [GET, P|] }', ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']],
  [
    'trigger:\n  kind: http\n  methods:\n    - GET\n    - |',
    ['HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'],
  ],
  ['trigger:\n  kind: http\n  rateLimits:\n    - requests: 5\n      |', ['per', 'by']],
  ['steps:\n  - |', STEPS],
  ['steps:\n  - pro|\n  - respond: {}', STEPS],
  ['steps:\n- respond: {}\n- |', STEPS],
  ['steps:\n  - call:\n      url: a\n    |', []],
  [
    'steps:\n  - call:\n      url: a\n      |',
    [
      'headers',
      'timeoutMs',
      'method',
      'body',
      'connectTimeoutMs',
      'firstByteTimeoutMs',
      'targets',
      'balance',
      'tls',
    ],
  ],
  ['steps:\n  - call:\n      method: |\n  - respond: {}', ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']],
  // Nothing is known about these places.
  ['steps:\n  - call:\n      url: |', []],
  ['steps:\n  - call:\n      headers:\n        |', []],
  ['steps:\n  - nothing:\n      |', []],
  ['# |', []],
  ['steps:\n  - transform:\n      body: >\n        text |\n', []],
  ['trigger: *|', []],
])('%j suggests %j', (marked, options) => {
  expect(labels(marked)).toEqual(options)
})

test.each([
  ['trig|', 'trigger', 'trigger:\n  |'],
  ['trigger:\n  ki|', 'kind', 'trigger:\n  kind: |'],
  ['trigger:\n  kind: http\n  me|\n', 'methods', 'trigger:\n  kind: http\n  methods:\n    - |\n'],
  ['trigger: { kind: http, me| }', 'methods', 'trigger: { kind: http, methods: | }'],
  ['trigger:\n  ki|nn: http\n', 'kind', 'trigger:\n  kind|: http\n'],
  [
    'steps:\n  - ca|\n',
    'call',
    'steps:\n  - call:\n      url: https://upstream.example.com\n      method: GET|\n',
  ],
  ['steps: [{ c| }]', 'call', 'steps: [{ call: | }]'],
])('%j with %s becomes %j', (before, label, after) => {
  expect(taken(before, label)).toBe(after)
})

test('a suggestion says what it is for', () => {
  expect(completionsAt('trigger:\n  kind: http\n  tim', 26)).toBeDefined()
  const [option] = completionsAt('trigger:\n  kind: http\n  limits:\n    ', 36)?.options ?? []
  expect(option).toMatchObject({ label: 'requestBytes', detail: 'a whole number from 0 to 104,857,600' })
  expect(option?.about).toMatch(/^The largest request body, in bytes\./)
})

/** The name and meaning of the field at "|". */
function help(marked: string, isOn = false): string | undefined {
  const found = helpAt(marked.replace('|', ''), marked.indexOf('|'), isOn)
  return found === undefined ? undefined : `${found.name}: ${found.about.replaceAll('\n', ' / ')}`
}

test.each<[string, string | undefined]>([
  [
    'trigger:\n  kind: http\n  lo|gin: true',
    'login: Whether callers get their JWT from this pipeline, so that no policy asks them for one. / true or false · default false',
  ],
  [
    'steps:\n  - call:\n      url: https://a.|example.com',
    expect.stringMatching(/^url: Where requests go\./),
  ],
  ['steps:\n  - res|pond: {}', 'respond: Responds to the caller and ends the pipeline.'],
  ['trigger: { kind: ht|tp }', expect.stringMatching(/· required$|required/)],
  ['steps:\n  - nothing: |1', undefined],
  ['|# comment', undefined],
])('at %j, the help is %j', (marked, text) => {
  expect(help(marked)).toEqual(text)
  expect(help(marked, true)).toEqual(text)
})

test('between fields there is help for what is around, but none on the spot', () => {
  const marked = 'steps:\n  - call:\n      url: a\n  |    # comment\n      method: GET'
  expect(help(marked)).toMatch(/^call: /)
  expect(help(marked, true)).toBeUndefined()
})

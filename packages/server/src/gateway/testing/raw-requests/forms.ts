/** What becomes of a request. */
export interface Outcome {
  /** The status of its answer; null if the connection ends without one. */
  readonly status: number | null
  /** The method and the body that the upstream gets; null if it gets nothing. */
  readonly passed: { readonly method: string; readonly body: string } | null
  /** Whether the connection serves further requests. */
  readonly staysOpen: boolean
}

/** A request in a form that a caller could send. */
export interface Form {
  readonly name: string
  /** One character per byte; `{id}` stands for the id of the request. */
  readonly bytes: string
  readonly outcome: Outcome
  /** Node.js's parser does not tell what is wrong, which is only seen while the request line is at hand. */
  readonly mustBeWhole?: true
}

const TARGET = '/acme/prod/raw?id={id}'
const HOST = 'Host: gateway.example'

interface Parts {
  readonly method?: string
  readonly target?: string
  readonly version?: string
  readonly host?: readonly string[]
  readonly lines?: readonly string[]
  readonly body?: string
}

/** A request of these parts. */
function request({
  method = 'GET',
  target = TARGET,
  version = 'HTTP/1.1',
  host = [HOST],
  lines = [],
  body = '',
}: Parts): string {
  return `${[`${method} ${target} ${version}`, ...host, ...lines].join('\r\n')}\r\n\r\n${body}`
}

/** Forms that reach the upstream, on a connection that stays open. */
function passes(name: string, parts: Parts, body = ''): Form {
  const method = parts.method ?? 'GET'
  return { name, bytes: request(parts), outcome: { status: 200, passed: { method, body }, staysOpen: true } }
}

/** Forms that reach the upstream, and are the last on their connection. */
function passesLast(name: string, parts: Parts, body = ''): Form {
  const form = passes(name, parts, body)
  return { ...form, outcome: { ...form.outcome, staysOpen: false } }
}

/** Forms that are refused, on a connection that stays open: the gateway knows where the next request begins. */
function refused(name: string, status: number, parts: Parts): Form {
  return { name, bytes: request(parts), outcome: { status, passed: null, staysOpen: true } }
}

/** Forms that are refused, and end their connection. */
function ends(name: string, status: number, parts: Parts | string): Form {
  const bytes = typeof parts === 'string' ? parts : request(parts)
  return { name, bytes, outcome: { status, passed: null, staysOpen: false } }
}

function whole(form: Form): Form {
  return { ...form, mustBeWhole: true }
}

const post = (lines: readonly string[], body: string, parts: Parts = {}): Parts => ({
  method: 'POST',
  lines,
  body,
  ...parts,
})
const chunked = (body: string, lines: readonly string[] = []): Parts =>
  post(['Transfer-Encoding: chunked', ...lines], body)
const WEB_SOCKET_KEY = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='
const upgrade = (protocol: string, parts: Parts = {}): Parts => ({
  ...parts,
  lines: ['Connection: Upgrade', `Upgrade: ${protocol}`, ...(parts.lines ?? [])],
})

const LINES: readonly Form[] = [
  passes('a plain request', {}),
  ...['HEAD', 'OPTIONS', 'DELETE', 'POST', 'PUT', 'PATCH'].map((method) =>
    passes(`${method} without a body`, { method }),
  ),
  passes('a target with its authority', { target: `http://gateway.example${TARGET}` }),
  passes('a target with its authority in capitals', { target: `HTTP://Gateway.Example${TARGET}` }),
  { ...passes('an empty line before the request', {}), bytes: `\r\n${request({})}` },
  passes('a long query', { target: `${TARGET}&long=${'x'.repeat(4000)}` }),
  refused('a path that no pipeline has', 404, { target: '/acme/prod/other?id={id}' }),
  refused('an asterisk as the target', 400, { method: 'OPTIONS', target: '*' }),
  refused('a target with another authority', 400, { target: `http://other.example${TARGET}` }),
  refused('a target with the scheme of files', 400, { target: `file://gateway.example${TARGET}` }),
  refused('a target with two dots', 400, { target: '/acme/prod/x/../raw?id={id}' }),
  refused('a target that is too long', 400, { target: `${TARGET}&long=${'x'.repeat(9000)}` }),
  ends('a target without a slash', 400, { target: 'raw' }),
  refused('a target with a fragment', 400, { target: `${TARGET}#x` }),
  ends('a target with a space', 400, { target: `${TARGET} x` }),
  ends('a target with a control character', 400, { target: `${TARGET}\u0001` }),
  ends('a target with a null', 400, { target: `${TARGET}\0` }),
  ends('a target with a byte above ASCII', 400, { target: `${TARGET}\u00E9` }),
  ends('no target', 400, `GET HTTP/1.1\r\n${HOST}\r\n\r\n`),
  passes('two spaces before the target', { target: ` ${TARGET}` }),
  ends('a tab before the target', 400, `GET\t${TARGET} HTTP/1.1\r\n${HOST}\r\n\r\n`),
  passes('two spaces before the version', { version: ' HTTP/1.1' }),
  ends('a space before the request line', 400, { method: ' GET' }),
  ends('a space after the version', 400, { version: 'HTTP/1.1 ' }),
  ends('a request line that ends with LF', 400, `GET ${TARGET} HTTP/1.1\n${HOST}\r\n\r\n`),
  ends('bytes of TLS', 400, '\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00FC\u0003\u0003'),
]

const VERSIONS: readonly Form[] = [
  passesLast('HTTP/1.0', { version: 'HTTP/1.0' }),
  passesLast('HTTP/1.0 without Host', { version: 'HTTP/1.0', host: [] }),
  passes('HTTP/1.0 that keeps the connection', { version: 'HTTP/1.0', lines: ['Connection: keep-alive'] }),
  passesLast(
    'HTTP/1.0 with a body in chunks',
    { ...chunked('2\r\nhi\r\n0\r\n\r\n'), version: 'HTTP/1.0' },
    'hi',
  ),
  passesLast(
    'HTTP/1.0 with a body in chunks that keeps the connection',
    { ...chunked('2\r\nhi\r\n0\r\n\r\n', ['Connection: keep-alive']), version: 'HTTP/1.0' },
    'hi',
  ),
  passesLast(
    'HTTP/1.0 that expects 100',
    { ...post(['Content-Length: 2', 'Expect: 100-continue'], 'hi'), version: 'HTTP/1.0' },
    'hi',
  ),
  passesLast('HTTP/1.0 with an expectation', { version: 'HTTP/1.0', lines: ['Expect: more'] }),
  passesLast('HTTP/1.0 that asks for an upgrade', upgrade('h2c', { version: 'HTTP/1.0' })),
  ends('no version', 400, `GET ${TARGET}\r\n${HOST}\r\n\r\n`),
  whole(ends('HTTP/0.9', 505, { version: 'HTTP/0.9' })),
  whole(ends('HTTP/1.2', 505, { version: 'HTTP/1.2' })),
  whole(ends('HTTP/2.0', 505, { version: 'HTTP/2.0' })),
  whole(ends('HTTP/3.0', 505, { version: 'HTTP/3.0' })),
  ends('HTTP/1.10', 400, { version: 'HTTP/1.10' }),
  ends('HTTP/11', 400, { version: 'HTTP/11' }),
  ends('HTTP/1', 400, { version: 'HTTP/1' }),
  ends('a version in small letters', 400, { version: 'http/1.1' }),
  ends('a version of HTTPS', 400, { version: 'HTTPS/1.1' }),
  whole(ends('RTSP/1.0', 400, { version: 'RTSP/1.0' })),
  whole(ends('RTSP/1.0 with OPTIONS', 400, { method: 'OPTIONS', version: 'RTSP/1.0' })),
  whole(ends('RTSP/2.0', 400, { version: 'RTSP/2.0' })),
  whole(ends('ICE/1.0', 400, { method: 'SOURCE', version: 'ICE/1.0' })),
]

const METHODS: readonly Form[] = [
  ...['TRACE', 'PROPFIND', 'PURGE', 'M-SEARCH', 'SUBSCRIBE', 'QUERY', 'LINK'].map((method) =>
    ends(`the method ${method}`, 501, { method }),
  ),
  ...['FOO', 'GETS', 'G', 'get', 'Get', 'X'.repeat(100), 'FOO-BAR', 'GET_'].map((method) =>
    ends(`the method ${method.slice(0, 8)}`, 501, { method }),
  ),
  ...['ANNOUNCE', 'GET_PARAMETER', 'FLUSH'].map((method) =>
    ends(`the method ${method}, which the parser knows of RTSP`, 501, { method }),
  ),
  ends('a method with a character that none has', 400, { method: 'G@T' }),
  ends('a method with a colon', 400, { method: 'GET:' }),
  ends('CONNECT', 501, { method: 'CONNECT', target: 'gateway.example:443' }),
  ends('the preface of HTTP/2', 400, 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
]

const HOSTS: readonly Form[] = [
  ...[
    'gateway.example:8080',
    'GATEWAY.example',
    'localhost',
    '192.0.2.1:80',
    '[2001:db8::1]',
    '[::1]:8080',
    'a_b.example',
    'gateway.example.',
    'gateway.example:',
  ].map((host) => passes(`the host ${host}`, { host: [`Host: ${host}`] })),
  ...[
    '',
    'a b',
    'x/../y',
    'u:p@e.example',
    'a, b',
    'a,b',
    'a:b',
    'a:99999',
    'a:1:2',
    '[::1',
    '::1',
    '[a]',
    '[::1]x',
    'a?b',
    'a#b',
    'a\\b',
    '%',
    'a%zz',
    'a<b',
    "a'b",
    'a"b',
    '*',
    ':80',
    'a\u00E9',
    'http://a',
  ].map((host) => ends(`the host ${JSON.stringify(host)}`, 400, { host: [`Host: ${host}`] })),
  ends('no host', 400, { host: [] }),
  ends('two hosts', 400, { host: [HOST, 'Host: other.example'] }),
  ends('the same host twice', 400, { host: [HOST, HOST] }),
]

const HEADERS: readonly Form[] = [
  passes('a header without a space', { lines: ['X-A:b'] }),
  passes('a header with tabs around its value', { lines: ['X-A:\t b\t'] }),
  passes('a header without a value', { lines: ['X-A:'] }),
  passes('a header with bytes above ASCII', { lines: ['X-A: \u00E9\u00FF'] }),
  passes('a header twice', { lines: ['X-A: b', 'X-A: c'] }),
  passes('500 headers', { lines: Array.from({ length: 500 }, (_, index) => `X-${index}: y`) }),
  passes('a name with every character of a name', { lines: ["!#$%&'*+-.^_`|~09azAZ: x"] }),
  ends('a header that is too long', 431, { lines: [`X-A: ${'x'.repeat(17_000)}`] }),
  ends('a space before the colon', 400, { lines: ['X-A : b'] }),
  ends('a space before the colon of the length', 400, post(['Content-Length : 2'], 'hi')),
  ends('a continued header', 400, { lines: ['X-A: b', ' c'] }),
  ends('a first header that begins with a space', 400, { host: [` ${HOST}`] }),
  ends('a header without a colon', 400, { lines: ['X-A'] }),
  ends('a header without a name', 400, { lines: [': b'] }),
  ends('a name with a space', 400, { lines: ['X A: b'] }),
  ends('a name with a parenthesis', 400, { lines: ['X(A: b'] }),
  ends('a value with a null', 400, { lines: ['X-A: b\0c'] }),
  ends('a value with CR', 400, { lines: ['X-A: b\rc'] }),
  ends('a value with a control character', 400, { lines: ['X-A: b\u0001c'] }),
  ends('a header that ends with LF', 400, { lines: ['X-A: b\nX-B: c'] }),
]

const CONNECTIONS: readonly Form[] = [
  passes('a connection that is kept', { lines: ['Connection: keep-alive'] }),
  passes('a connection with another option', { lines: ['Connection: x-hop', 'X-Hop: 1'] }),
  passesLast('a connection that closes', { lines: ['Connection: close'] }),
  passesLast('a connection that closes, in capitals', { lines: ['Connection: CLOSE'] }),
  passesLast('a connection that closes, among other options', { lines: ['Connection: x-hop, close'] }),
  passesLast('a connection that closes, in a second line', {
    lines: ['Connection: x-hop', 'Connection: close'],
  }),
  passesLast(
    'a connection that closes after a body',
    post(['Connection: close', 'Content-Length: 2'], 'hi'),
    'hi',
  ),
  passesLast(
    'a connection that closes after chunks',
    chunked('2\r\nhi\r\n0\r\n\r\n', ['Connection: close']),
    'hi',
  ),
  {
    ...ends('a refused request on a connection that closes', 404, {
      target: '/acme/prod/x',
      lines: ['Connection: close'],
    }),
  },
  passesLast('an upgrade to an unknown protocol', upgrade('foo')),
  passesLast('an upgrade to HTTP/2', upgrade('h2c', { lines: ['HTTP2-Settings: AAMAAABkAAQAAP__'] })),
  passesLast('an upgrade to two protocols', upgrade('foo, websocket')),
  passesLast('an upgrade to TLS', upgrade('TLS/1.0', { method: 'OPTIONS' })),
  passesLast('an upgrade with a body', upgrade('h2c', post(['Content-Length: 2'], 'hi')), 'hi'),
  passesLast('an upgrade with chunks', upgrade('h2c', chunked('2\r\nhi\r\n0\r\n\r\n')), 'hi'),
  ...[
    [],
    ['Sec-WebSocket-Key: x'],
    ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZR=='],
    [WEB_SOCKET_KEY, WEB_SOCKET_KEY],
  ].map((lines) =>
    passesLast(
      `an upgrade to WebSocket with the key ${JSON.stringify(lines)}`,
      upgrade('websocket', { lines }),
    ),
  ),
  passesLast(
    'an upgrade to WebSocket with a body',
    upgrade('websocket', { lines: [WEB_SOCKET_KEY, 'Content-Length: 2'], body: 'hi' }),
    'hi',
  ),
  passesLast(
    'an upgrade to WebSocket of HTTP/1.0',
    upgrade('websocket', { version: 'HTTP/1.0', lines: [WEB_SOCKET_KEY] }),
  ),
  passesLast('an upgrade to WebSocket with POST', upgrade('websocket', { method: 'POST' })),
  passes('a connection that names an upgrade without one', { lines: ['Connection: Upgrade'] }),
  passes('an upgrade that the connection does not name', { lines: ['Upgrade: foo'] }),
]

const EXPECTATIONS: readonly Form[] = [
  passes('an expectation with its body', post(['Expect: 100-continue', 'Content-Length: 2'], 'hi'), 'hi'),
  passes('an expectation in other letters', post(['Expect: 100-Continue', 'Content-Length: 2'], 'hi'), 'hi'),
  passes('an expectation with chunks', chunked('2\r\nhi\r\n0\r\n\r\n', ['Expect: 100-continue']), 'hi'),
  passesLast('an expectation without a body', { lines: ['Expect: 100-continue'] }),
  passes('no expectation', { lines: ['Expect:'] }),
  passes(
    'an expectation twice',
    post(['Expect: 100-continue, 100-continue', 'Content-Length: 2'], 'hi'),
    'hi',
  ),
  ...[
    'y 100-continue',
    '100-continue y',
    '100-continue-y',
    'x-100-continue',
    '100-continue;q=1',
    '100-continue, y',
    '200-ok',
    'more',
  ].map((value) =>
    ends(`the expectation ${value}`, 417, post([`Expect: ${value}`, 'Content-Length: 2'], 'hi')),
  ),
]

const LENGTHS: readonly Form[] = [
  passes('a body', post(['Content-Length: 5'], 'hello'), 'hello'),
  passes(
    'a body that looks like a request',
    post(['Content-Length: 45'], 'GET /acme/prod/raw?id=no HTTP/1.1\r\nHost: x\r\n\r'.slice(0, 45)),
    'GET /acme/prod/raw?id=no HTTP/1.1\r\nHost: x\r\n\r'.slice(0, 45),
  ),
  passes('a body of GET', { lines: ['Content-Length: 2'], body: 'hi' }, 'hi'),
  passes('a body of DELETE', { method: 'DELETE', lines: ['Content-Length: 2'], body: 'hi' }, 'hi'),
  passes('an empty body', post(['Content-Length: 0'], '')),
  passes('a length with zeros before it', post(['Content-Length: 0002'], 'hi'), 'hi'),
  passes('a large body', post(['Content-Length: 200000'], 'x'.repeat(200_000)), 'x'.repeat(200_000)),
  refused('a body of a path that no pipeline has', 404, {
    ...post(['Content-Length: 5'], 'hello'),
    target: '/acme/prod/x',
  }),
  ...[
    '+2',
    '-2',
    '0x2',
    '2a',
    '2 2',
    '2.0',
    '2,2',
    '2, 2',
    '',
    ' ',
    '18446744073709551616',
    '18446744073709551618',
    '1e1',
    '\u00B2',
  ].map((length) =>
    ends(`the length ${JSON.stringify(length)}`, 400, post([`Content-Length: ${length}`], 'hi')),
  ),
  ends('two lengths', 400, post(['Content-Length: 2', 'Content-Length: 3'], 'hi')),
  ends('the same length twice', 400, post(['Content-Length: 2', 'Content-Length: 2'], 'hi')),
  ends('a body over the limit', 413, post(['Content-Length: 600000'], 'x'.repeat(600_000))),
]

const CHUNKS: readonly Form[] = [
  passes('a body in chunks', chunked('2\r\nhi\r\n3\r\n ho\r\n0\r\n\r\n'), 'hi ho'),
  passes('an empty body in chunks', chunked('0\r\n\r\n')),
  passes('chunks of GET', { lines: ['Transfer-Encoding: chunked'], body: '2\r\nhi\r\n0\r\n\r\n' }, 'hi'),
  passes('a size in capitals', chunked('A\r\n0123456789\r\n0\r\n\r\n'), '0123456789'),
  passes('a size with zeros before it', chunked('0002\r\nhi\r\n000\r\n\r\n'), 'hi'),
  passes('an extension of a chunk', chunked('2;a=b\r\nhi\r\n0\r\n\r\n'), 'hi'),
  passes('a quoted extension of a chunk', chunked('2;a="b c"\r\nhi\r\n0;x\r\n\r\n'), 'hi'),
  passes('trailers', chunked('2\r\nhi\r\n0\r\nX-T: 1\r\n\r\n', ['Trailer: X-T']), 'hi'),
  passes('trailers that no header announces', chunked('2\r\nhi\r\n0\r\nX-Sallyport-Key: x\r\n\r\n'), 'hi'),
  ends('a length in a trailer', 400, chunked('2\r\nhi\r\n0\r\nContent-Length: 9\r\n\r\n')),
  passes('the coding in other letters', post(['Transfer-Encoding: Chunked'], '2\r\nhi\r\n0\r\n\r\n'), 'hi'),
  ends('a length and chunks', 400, post(['Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n')),
  ends('chunks and a length', 400, post(['Transfer-Encoding: chunked', 'Content-Length: 5'], '0\r\n\r\n')),
  ...['gzip, chunked', 'x, chunked', 'identity, chunked'].map((coding) =>
    ends(`the coding ${coding}`, 501, post([`Transfer-Encoding: ${coding}`], '0\r\n\r\n')),
  ),
  ...[
    'gzip',
    'identity',
    'xchunked',
    'chunkedx',
    'chunked;q=1',
    '"chunked"',
    'chunked, gzip',
    ', chunked',
    'chunked,',
    '',
    '\u000Bchunked',
    'chunked, chunked',
  ].map((coding) =>
    ends(`the coding ${JSON.stringify(coding)}`, 400, post([`Transfer-Encoding: ${coding}`], '0\r\n\r\n')),
  ),
  ends(
    'two lines of codings',
    400,
    post(['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  ),
  ends(
    'a coding and an unknown one',
    400,
    post(['Transfer-Encoding: chunked', 'Transfer-Encoding: x'], '0\r\n\r\n'),
  ),
  ...[
    'G\r\nhi\r\n',
    '-2\r\nhi\r\n',
    '+2\r\nhi\r\n',
    '0x2\r\nhi\r\n',
    ' 2\r\nhi\r\n',
    '2 \r\nhi\r\n',
    '\r\nhi\r\n',
    '2\nhi\r\n',
    '2\rhi\r\n',
    '2\r\nhiX\r\n',
    '2\r\nhi\n',
    '2\r\nhi0\r\n',
    '10000000000000002\r\nhi\r\n',
    '2;\0\r\nhi\r\n',
    '2;a\nb\r\nhi\r\n',
    '0\r\nX T: 1\r\n',
    '0\r\n: 1\r\n',
    '0\nX: 1\r\n',
  ].map((chunk) => ({
    ...ends(`the chunk ${JSON.stringify(chunk)}`, 400, chunked(`${chunk}0\r\n\r\n`)),
  })),
  ends('a bad chunk of a path that no pipeline has', 404, {
    ...chunked('G\r\nhi\r\n0\r\n\r\n'),
    target: '/acme/prod/x',
  }),
  ends('a bad chunk that an unknown method sends', 501, {
    ...chunked('G\r\nhi\r\n0\r\n\r\n'),
    method: 'PROPFIND',
  }),
]

/** All forms, each with an own name. */
export const FORMS: readonly Form[] = [
  ...LINES,
  ...VERSIONS,
  ...METHODS,
  ...HOSTS,
  ...HEADERS,
  ...CONNECTIONS,
  ...EXPECTATIONS,
  ...LENGTHS,
  ...CHUNKS,
]

/** A request that passes, for before and after the others. */
export function plainRequest(id: string, lines: readonly string[] = []): string {
  return withId(request({ lines }), id)
}

/** The bytes of a request with its id. */
export function withId(bytes: string, id: string): string {
  return bytes.replace('{id}', id)
}

import { count, counted } from '../../format/numbers.ts'

/** What fields of a spec are called, by their names, or by `PARENT.NAME`. */
const labels: Readonly<Record<string, string>> = {
  addressRules: 'Addresses that may call',
  apiKeyInQuery: 'Key in the query',
  'balance.by': 'Shared out by',
  'cache.headers': 'Headers that pass to the upstream',
  ca: 'Certificates of issuers',
  code: 'Code',
  connectTimeoutMs: 'To connect, in ms',
  contentTypes: 'Content types',
  cors: 'CORS',
  'cors.credentials': 'Cookies and stored credentials',
  'cors.headers': 'Headers that callers’ pages may send',
  ejectionMs: 'First ejection, in ms',
  encodedSlashes: 'Encoded slashes',
  exceptAddresses: 'Addresses that are served all the same',
  exposedHeaders: 'Headers that callers’ pages may read',
  failures: 'Failures that eject a target',
  firstByteTimeoutMs: 'To the first byte, in ms',
  forwardedPrefix: 'Tell the prefix',
  'health.path': 'Checked at',
  'health.timeoutMs': 'Time to answer, in ms',
  healthyAfter: 'Passed checks until it is healthy',
  intervalMs: 'Between two checks, in ms',
  key: 'Private key',
  link: 'Page that explains it',
  maxAge: 'Preflights are cached for, in seconds',
  minBytes: 'From, in bytes',
  preserveHost: 'Keep the host of the caller',
  rateLimits: 'Rate limits',
  requestBytes: 'Largest body, in bytes',
  responseHeaders: 'Headers of responses',
  'request.body': 'Schema of the body',
  'request.params': 'Schema of the path parameters',
  'request.query': 'Schema of the query',
  routes: 'Further routes',
  'routes.entry': 'Path',
  schemas: 'Shared schemas',
  retryAfterSeconds: 'Try again after, in seconds',
  retryMethods: 'Methods that are sent again',
  seconds: 'Fresh for, in seconds',
  sendLabels: 'Labels of the caller',
  serverName: 'Name in the certificate',
  shared: 'Shared by all callers',
  statuses: 'Statuses that pass',
  timeoutMs: 'In all, in ms',
  tls: 'TLS',
  tokenUrl: 'URL of tokens',
  trailingSlash: 'Slash at the end',
  unhealthyAfter: 'Failed checks until it is not',
  url: 'URL',
}

/** The form of a spec, as its schema describes it. */
export const specForm = {
  labels,
  /** Fields whose texts have several lines. */
  longFields: ['detail', 'ca', 'certificate', 'body'] as readonly string[],
  more: 'More settings',
  titles: {
    slashes: 'Slashes in paths',
    callers: 'Addresses and details of callers',
    timeouts: 'Timeouts',
    upstream: 'What the upstream learns',
  },
  groups: {
    use: (label: string) => `Use ${label}`,
    on: 'on',
    fields: (amount: number) => `${count(amount)} set`,
    entries: (amount: number) => counted(amount, 'entry', 'entries'),
  },
  fields: {
    usual: (value: unknown) =>
      [value]
        .flat()
        .filter((each) => typeof each === 'string' || typeof each === 'number')
        .join(', '),
    show: 'Show in the text',
    showNamed: (label: string) => `Show in the text: ${label}`,
  },
  json: {
    at: (place: string, message: string) => `At ${place}: ${message}`,
    notJson: (why: string) => `This is not JSON yet: ${why}`,
    inexact: 'A number here cannot be kept exactly. Write a smaller one, or put it in quotes as text.',
    schemaExample: '{ "type": "object", "required": ["name"] }',
  },
  /** Values that have one of several forms. */
  variants: {
    of: (label: string) => `Form of ${label}`,
    /** By `NAME.TYPE` of the field. */
    words: {
      'claims.object': 'An expression for each',
      'claims.string': 'One expression for all',
      'expiresIn.integer': 'Seconds',
      'expiresIn.string': 'Such as 15m or 30d',
      'routes.object': 'With methods of its own',
      'routes.string': 'Path only',
      'scopes.array': 'List',
      'scopes.string': 'Expression',
      'status.integer': 'Number',
      'status.string': 'Expression',
    } as Readonly<Record<string, string>>,
    types: {
      array: 'List',
      boolean: 'On or off',
      integer: 'Number',
      number: 'Number',
      object: 'Fields',
      string: 'Text',
    } as Readonly<Record<string, string>>,
  },
  byCaller: {
    by: (name: string) => `Who decides the value of ${name}`,
    values: (name: string) => `Values of ${name}, by the names of consumers or the ids of keys`,
    otherwise: (name: string) => `Value of ${name} for all others; empty for no header`,
  },
  rows: {
    name: (what: string, row: number) => `${what}: ${count(row)}`,
    add: 'Add',
    addTo: (what: string) => `Add to ${what}`,
    remove: (what: string, row: number) => `Remove ${what}: ${count(row)}`,
  },
  names: {
    name: 'New name',
    /** By the name of the field. */
    newNames: {
      claims: 'Name of a claim',
      headers: 'Name of a header',
      responseHeaders: 'Name of a header',
      schemas: 'Name of a schema',
      values: 'Consumer or id of a key',
    } as Readonly<Record<string, string>>,
    add: 'Add',
    addNamed: (what: string) => `Add: ${what}`,
    taken: 'This name is there already.',
    rule: (name: string) => `What happens to ${name}`,
    rules: { set: 'Set', remove: 'Remove', append: 'Append', from: 'Rename from', by: 'By consumer or key' },
    value: (name: string) => `Value of ${name}`,
    remove: (name: string) => `Remove ${name}`,
  },
  step: {
    open: 'Fields',
    openOf: (place: number, kind: string) => `Fields of step ${count(place)}, ${kind}`,
  },
}

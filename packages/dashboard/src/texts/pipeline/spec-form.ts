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
    paths: 'Further routes and slashes',
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
    inText: 'Written in the text.',
    writeInText: 'Only the text has this.',
    show: 'Show in the text',
    showNamed: (label: string) => `Show in the text: ${label}`,
  },
  rows: {
    name: (what: string, row: number) => `${what}: ${count(row)}`,
    add: 'Add',
    addTo: (what: string) => `Add to ${what}`,
    remove: (what: string, row: number) => `Remove ${what}: ${count(row)}`,
  },
  names: {
    name: 'New name',
    add: 'Add name',
    taken: 'This name is there already.',
    rule: (name: string) => `What happens to ${name}`,
    rules: { set: 'Set', remove: 'Remove', append: 'Append', from: 'Rename from' },
    value: (name: string) => `Value of ${name}`,
    remove: (name: string) => `Remove ${name}`,
  },
  step: {
    open: 'Fields',
    openOf: (place: number, kind: string) => `Fields of step ${count(place)}, ${kind}`,
  },
}

/** Takes what the gate reports: a logger of `pino`, for example. */
export interface GateLogger {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

export interface GateOptions {
  /** A control node or a relay, as `https://…` without a path. */
  readonly url?: string | undefined
  /** Several of them; the gate uses one at a time. */
  readonly urls?: readonly string[] | undefined
  /**
   * The folder of the gate's identity and snapshot, for this process alone. With it, the gate starts while no control node
   * can be reached.
   */
  readonly folder: string
  /** For the first start in the folder: `npm run -s admin -- enrol NAME --role gate` on a control node prints one. */
  readonly enrolmentToken?: string | undefined
  /** Seals the files in the folder: 32 bytes in base64. Without it, the folder has a key of its own. */
  readonly masterKey?: string | undefined
  /** The organization and the environment to decide for, such as `acme/prod`. */
  readonly environment: string
  /** The host to decide for, whichever one callers name. Needed only for pipelines that have `hosts`. */
  readonly host?: string | undefined
  /** Addresses and ranges of proxies whose `X-Forwarded-For` and `X-Forwarded-Host` count. None unless given. */
  readonly trustedProxies?: readonly string[] | undefined
  /** Private addresses and ranges from which the keys of JWT issuers may be fetched. None unless given. */
  readonly upstreamAllow?: readonly string[] | undefined
  /** Warnings and errors go to the console unless one is given. */
  readonly logger?: GateLogger | undefined
  /** Ends the wait for the first snapshot. */
  readonly signal?: AbortSignal | undefined
}

const NAMES: Readonly<Record<keyof GateOptions, true>> = {
  url: true,
  urls: true,
  folder: true,
  enrolmentToken: true,
  masterKey: true,
  environment: true,
  host: true,
  trustedProxies: true,
  upstreamAllow: true,
  logger: true,
  signal: true,
}

/** Why a gate cannot be connected: the message names each option to correct. */
export class GateError extends Error {
  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(['The gate cannot be connected:', ...problems.map((problem) => `  ${problem}`)].join('\n'), options)
    this.name = 'GateError'
  }
}

/** Options as they are used. */
export interface CheckedOptions {
  readonly controlUrls: readonly string[]
  readonly organization: string
  readonly environment: string
}

/** What is known of texts. */
interface AddressRules {
  /** Whether a text is an address or a range in CIDR form. */
  readonly isRange: (text: string) => boolean
  /** Whether a host is this machine. */
  readonly isLoopback: (host: string) => boolean
}

/** @throws GateError that lists all problems */
export function checkOptions(options: GateOptions, { isRange, isLoopback }: AddressRules): CheckedOptions {
  // JavaScript may leave out what a type demands.
  const [folder, environment] = [textOf(options.folder), textOf(options.environment)]
  const { url, urls = [], host, trustedProxies = [], upstreamAllow = [] } = options
  const problems = Object.keys(options)
    .filter((name) => !Object.hasOwn(NAMES, name))
    .map((name) => `${name}: There is no such option. Use ${Object.keys(NAMES).join(', ')}.`)
  const given = [...(url === undefined ? [] : [url]), ...urls]
  const controlUrls = given.map((text) => {
    const origin = originOf(text)
    if (origin === undefined) {
      problems.push(
        `url: ${JSON.stringify(text)} is not a URL such as https://control.example.com, without a path.`,
      )
    } else if (origin.startsWith('http:') && !isLoopback(new URL(origin).hostname)) {
      problems.push(
        `url: ${JSON.stringify(text)} would send tokens and credentials in the clear. Use https://; http:// is only for this machine.`,
      )
    }
    return origin ?? ''
  })
  if (given.length === 0)
    problems.push('url: Name a control node or a relay, such as https://control.example.com.')
  if (folder === '') problems.push('folder: Name a folder that this process alone uses.')
  const [organization = '', name = '', ...more] = environment.split('/')
  if (organization === '' || name === '' || more.length > 0) {
    problems.push('environment: Name the organization and the environment, such as acme/prod.')
  }
  if (host !== undefined && URL.parse(`http://${host}`)?.host !== host.toLowerCase()) {
    problems.push('host: Name a host without a scheme, such as api.example.com.')
  }
  for (const [option, ranges] of Object.entries({ trustedProxies, upstreamAllow })) {
    for (const text of ranges.filter((range) => !isRange(range))) {
      problems.push(
        `${option}: ${JSON.stringify(text)} is not an IP address or CIDR range, such as 10.0.0.0/8.`,
      )
    }
  }
  if (problems.length > 0) throw new GateError(problems)
  return { controlUrls, organization, environment: name }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function originOf(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return undefined
  return url.href === `${url.origin}/` ? url.origin : undefined
}

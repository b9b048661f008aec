import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { isQuota, QUOTA_LIMITS_DEFAULT, QUOTAS, type QuotaNumbers } from '@sallyport/core'
import {
  ACCESS_LOGS,
  LOG_LEVELS,
  type AccessLog,
  type HostConfig,
  type LogLevel,
  type QuotaConfig,
} from './config.ts'
import { parseRange } from './address-range.ts'
import { hasSplitPassword, withoutPassword } from './database-url.ts'
import { hostName } from '../address/host-name.ts'
import { hostPatternProblem } from '../address/host-pattern.ts'
import { isLoopback } from '../address/loopback.ts'

const PORT_MAX = 65_535
const LIST_ENTRIES_MAX = 1000
const TEXT_CHARS_MAX = 512
const QUOTED_CHARS_MAX = 80
const MASTER_KEY_BYTES = 32
const ORGANIZATIONS_PER_PERSON_MAX = 10_000

/** RFC 1123 section 2.1. */
export const HOST_NAME =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i
const HOST_ENTRY = /^([^=]+)=([a-z][a-z0-9-]{1,38})\/([a-z][a-z0-9-]{0,38})$/

/** Each message says what is wrong with one setting and how to correct it. */
export class SettingError extends Error {
  readonly messages: readonly string[]

  constructor(...messages: readonly string[]) {
    super(messages.join(' '))
    this.messages = messages
  }
}

export function parseHost(text: string): string {
  if (isIP(text) === 0 && !HOST_NAME.test(text)) {
    throw new SettingError(
      `${quoted(text)} is not an IP address or host name. Use a value such as 127.0.0.1.`,
    )
  }
  return text
}

export function parsePort(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > PORT_MAX) {
    throw new SettingError(
      `${quoted(text)} is not a port. Use a number from 0 to ${PORT_MAX}; 0 selects a free port.`,
    )
  }
  return Number(text)
}

export function parseGatewayUrl(text: string): string {
  const url = URL.parse(text)
  const isPlain = url?.search === '' && url.hash === '' && url.username === '' && url.password === ''
  if (url === null || !/^https?:$/.test(url.protocol) || !isPlain) {
    const subject = text.includes('@') ? (withoutPassword(text) ?? 'The value') : quoted(text)
    throw new SettingError(
      `${subject} is not a plain HTTP URL. Use http:// or https:// without user, query and fragment.`,
    )
  }
  return url.href.replace(/\/+$/, '')
}

/** The URL of a host. @param sent what is sent to it, for the message about `http://` */
export function parseOrigin(text: string, sent: string): string {
  const url = URL.parse(text)
  const isOrigin =
    url !== null &&
    url.pathname === '/' &&
    url.search === '' &&
    url.hash === '' &&
    url.username === '' &&
    url.password === ''
  if (url === null || !isOrigin || !/^https?:$/.test(url.protocol)) {
    const subject = text.includes('@') ? (withoutPassword(text) ?? 'The value') : quoted(text)
    throw new SettingError(
      `${subject} is not the URL of a host. Use https://host or https://host:port, without a path.`,
    )
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    throw new SettingError(
      `${quoted(text)} would send ${sent} in the clear. Use https://, with a proxy that ends TLS; http:// is only for this machine.`,
    )
  }
  return url.origin
}

/** The URL that people open. */
export function parsePublicUrl(text: string): string {
  return parseOrigin(text, 'passwords')
}

export function parseFolder(text: string): string {
  return resolve(text)
}

export function parseDatabaseUrl(text: string): string {
  const url = URL.parse(text)
  if (/^postgres(?:ql)?:\/\//i.test(text) && (url === null || hasSplitPassword(url))) {
    throw new SettingError(
      'The value is not a valid URL. If the password contains "/", "?", "#" or "@", percent-encode these characters.',
    )
  }
  if (url === null || !/^postgres(?:ql)?:$/.test(url.protocol)) {
    throw new SettingError(
      `${withoutPassword(text) ?? 'The value'} is not a postgres:// URL. ` +
        'Correct it, or remove the setting to use SQLite in the data folder.',
    )
  }
  return text
}

export function parseSetupToken(text: string): string {
  if (text.length > TEXT_CHARS_MAX || !/^[!-~]+$/.test(text)) {
    throw new SettingError(
      `The token is too long or contains unsupported characters. ` +
        `Use 1 to ${TEXT_CHARS_MAX} printable ASCII characters without spaces.`,
    )
  }
  return text
}

export function parseMasterKey(text: string): string {
  const bytes = Buffer.from(text, 'base64')
  // Node.js ignores characters outside base64, so the decoded bytes are encoded again to compare.
  if (bytes.length !== MASTER_KEY_BYTES || bytes.toString('base64') !== text) {
    throw new SettingError(
      `The value is not ${MASTER_KEY_BYTES} bytes in base64. Generate a key with: openssl rand -base64 32`,
    )
  }
  return text
}

/** The gateway polls the store once a second, so a lower limit would refuse requests during normal operation. */
const STALENESS_SECONDS_MIN = 3
const STALENESS_SECONDS_MAX = 7 * 24 * 60 * 60

export function parseStaleness(text: string): number {
  return parseSeconds(text, STALENESS_SECONDS_MIN, STALENESS_SECONDS_MAX)
}

/** A gateway renews its lease once a second, so a shorter one would end during normal operation. */
const LEASE_SECONDS_MIN = 3
const LEASE_SECONDS_MAX = 24 * 60 * 60

export function parseLease(text: string): number {
  return parseSeconds(text, LEASE_SECONDS_MIN, LEASE_SECONDS_MAX)
}

/** Reads get four fifths of it, and the snapshot of a large database needs some seconds. */
const WRITE_DEADLINE_SECONDS_MIN = 5
/** Common proxies and clients give up after a minute, and a change also waits for its receipt. */
const WRITE_DEADLINE_SECONDS_MAX = 30

export function parseWriteDeadline(text: string): number {
  return parseSeconds(text, WRITE_DEADLINE_SECONDS_MIN, WRITE_DEADLINE_SECONDS_MAX)
}

function parseSeconds(text: string, min: number, max: number): number {
  const seconds = /^\d{1,7}$/.test(text) ? Number(text) : -1
  if (seconds < min || seconds > max) {
    throw new SettingError(
      `${quoted(text)} is not valid. Use a whole number of seconds from ${min} to ${max}.`,
    )
  }
  return seconds
}

export function parseLogLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((one) => one === text)
  if (level === undefined) {
    throw new SettingError(`${quoted(text)} is not a log level. Use one of: ${LOG_LEVELS.join(', ')}.`)
  }
  return level
}

export function parseAccessLog(text: string): AccessLog {
  const setting = ACCESS_LOGS.find((one) => one === text)
  if (setting === undefined) {
    throw new SettingError(`${quoted(text)} is no access log. Use one of: ${ACCESS_LOGS.join(', ')}.`)
  }
  return setting
}

export function parseRanges(text: string): readonly string[] {
  return parseList(text, (entry) => {
    const range = parseRange(entry)
    if (!range.ok) throw new SettingError(`${quoted(entry)} ${range.message}`)
    return range.value
  })
}

export function parseHosts(text: string): readonly HostConfig[] {
  return parseList(text, (entry): HostConfig => {
    const [, host, organization, environment] = HOST_ENTRY.exec(entry) ?? []
    if (host === undefined || organization === undefined || environment === undefined) {
      throw new SettingError(
        `${quoted(entry)} is not a host mapping. Use host=organization/environment, such as api.example.com=acme/prod or *.example.com=acme/prod.`,
      )
    }
    const name = isIP(host) === 0 ? host.toLowerCase() : (hostName(host) ?? host)
    const problem = isIP(host) === 0 ? hostPatternProblem(name) : undefined
    if (problem !== undefined) {
      throw new SettingError(`${quoted(host)} is neither a host nor an IP address. ${problem}`)
    }
    return { host: name, organization, environment }
  })
}

export function parseControlHosts(text: string): readonly string[] {
  return parseList(text, (entry) => {
    const bare = entry.replace(/^\[(.*)\]$/, '$1')
    if (isIP(bare) === 0 && !HOST_NAME.test(entry)) {
      throw new SettingError(
        `${quoted(entry)} is not a host name or IP address. Write it without scheme, port and path, such as console.internal.`,
      )
    }
    return bare.toLowerCase()
  })
}

const QUOTA_ENTRY = /^(?:([a-z][a-z0-9-]{1,38})\/)?([A-Za-z]+)=(\d{1,15})$/

export function parseQuotas(text: string): QuotaConfig {
  const limits = { ...QUOTA_LIMITS_DEFAULT }
  const own = new Map<string, Partial<QuotaNumbers>>()
  const seen = new Set<string>()
  parseList(text, (entry): void => {
    const [, organization, quota = '', limit = ''] = QUOTA_ENTRY.exec(entry) ?? []
    if (!isQuota(quota)) {
      throw new SettingError(
        `${quoted(entry)} is not a quota. Use quota=limit or organization/quota=limit, such as keys=100000 or acme/keys=500. ` +
          `The quotas are ${QUOTAS.join(', ')}.`,
      )
    }
    const name = `${organization ?? ''}/${quota}`
    if (seen.has(name)) throw new SettingError(`${quoted(entry)} repeats a quota. Set each one once.`)
    seen.add(name)
    if (organization === undefined) limits[quota] = Number(limit)
    else own.set(organization, { ...own.get(organization), [quota]: Number(limit) })
  })
  return { limits, ofOrganizations: Object.fromEntries(own) }
}

export function parseOrganizationsPerPerson(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > ORGANIZATIONS_PER_PERSON_MAX) {
    throw new SettingError(
      `${quoted(text)} is not a number of organizations. Use a number from 0 to ${ORGANIZATIONS_PER_PERSON_MAX}.`,
    )
  }
  return Number(text)
}

/** Parses a comma-separated list. The error covers every invalid entry. */
export function parseList<T>(text: string, parse: (entry: string) => T): readonly T[] {
  const entries = text.split(',').map((entry) => entry.trim())
  if (entries.length > LIST_ENTRIES_MAX) {
    throw new SettingError(`The list has ${entries.length} entries. Use at most ${LIST_ENTRIES_MAX}.`)
  }
  const messages: string[] = []
  const values: T[] = []
  for (const entry of entries) {
    if (entry === '') continue
    try {
      values.push(parse(entry))
    } catch (error) {
      if (!(error instanceof SettingError)) throw error
      messages.push(...error.messages)
    }
  }
  if (messages.length > 0) throw new SettingError(...messages)
  return values
}

/** A value for a message; never of a secret setting. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > QUOTED_CHARS_MAX ? `${text.slice(0, QUOTED_CHARS_MAX)}…` : text)
}

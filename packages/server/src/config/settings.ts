import { ORGANIZATIONS_FOUNDED_DEFAULT } from '@sallyport/core'
import type { Config, Environment, LimitsMode, MailAddress, SmtpConfig } from './config.ts'
import { CACHE_BYTES_DEFAULT, parseCacheBytes } from './cache-settings.ts'
import type { SettingProblem } from './config-error.ts'
import { parseControlUrls, parseEnrolmentToken, parseGatewayLease } from './fleet-settings.ts'
import { parseGitHubKeys } from './github-keys.ts'
import { parseGatewayThreads } from './thread-settings.ts'
import { LIMITS_WAIT_MS_DEFAULT, parseLimitsMode, parseLimitsUrl, parseLimitsWait } from './limit-settings.ts'
import { parseMailFrom, parseSmtpUrl } from './mail-settings.ts'
import { parseSignInProviders, parseSignUpDomains } from './sign-in-providers.ts'
import { parseUsageDays, parseUsageRows } from './usage-settings.ts'
import { readTelemetry } from './telemetry-settings.ts'
import {
  parseAccessLog,
  parseControlHosts,
  parseDatabaseUrl,
  parseFolder,
  parseGatewayUrl,
  parseHost,
  parseHosts,
  parseLease,
  parseLogLevel,
  parseMasterKey,
  parseOrganizationsPerPerson,
  parsePort,
  parsePublicUrl,
  parseQuotas,
  parseRanges,
  parseSetupToken,
  parseStaleness,
  parseWriteDeadline,
  SettingError,
} from './setting-values.ts'
import { unknownSettings } from './setting-variables.ts'

/**
 * Parses each setting on its own. An invalid setting gets its default value and an entry in `problems`, as does each
 * variable that looks like a setting but is none.
 */
export function readSettings(environment: Environment): {
  readonly config: Config
  readonly problems: readonly SettingProblem[]
} {
  const problems: SettingProblem[] = []
  const known = new Set<string>()
  function read<T>(variable: string, fallback: T, parse: (text: string) => T): T {
    known.add(variable)
    const text = environment[variable]?.trim() ?? ''
    // Container configurations often pass an unset variable as an empty one.
    if (text === '') return fallback
    try {
      return parse(text)
    } catch (error) {
      if (!(error instanceof SettingError)) throw error
      problems.push(...error.messages.map((message) => ({ variable, message })))
      return fallback
    }
  }
  const config: Config = {
    control: {
      host: read('SALLYPORT_HOST', '127.0.0.1', parseHost),
      port: read('SALLYPORT_PORT', 8080, parsePort),
    },
    gateway: {
      host: read('SALLYPORT_GATEWAY_HOST', '127.0.0.1', parseHost),
      port: read('SALLYPORT_GATEWAY_PORT', 8081, parsePort),
    },
    gatewayUrl: read<string | null>('SALLYPORT_GATEWAY_URL', null, parseGatewayUrl),
    publicUrl: read<string | null>('SALLYPORT_PUBLIC_URL', null, parsePublicUrl),
    controlHosts: read('SALLYPORT_CONTROL_HOSTS', [], parseControlHosts),
    dataFolder: read('SALLYPORT_DATA', parseFolder('./data'), parseFolder),
    databaseUrl: read<string | null>('SALLYPORT_DATABASE_URL', null, parseDatabaseUrl),
    setupToken: read<string | null>('SALLYPORT_SETUP_TOKEN', null, parseSetupToken),
    masterKey: read<string | null>('SALLYPORT_MASTER_KEY', null, parseMasterKey),
    upstreamAllow: read('SALLYPORT_UPSTREAM_ALLOW', [], parseRanges),
    trustedProxies: read('SALLYPORT_TRUSTED_PROXIES', [], parseRanges),
    hosts: read('SALLYPORT_HOSTS', [], parseHosts),
    maxStalenessSeconds: read<number | null>('SALLYPORT_MAX_STALENESS_SECONDS', null, parseStaleness),
    leaseSeconds: read('SALLYPORT_LEASE_SECONDS', 4, parseLease),
    gatewayLeaseSeconds: read('SALLYPORT_GATEWAY_LEASE_SECONDS', 10, parseGatewayLease),
    controlUrls: read('SALLYPORT_CONTROL_URL', [], parseControlUrls),
    enrolmentToken: read<string | null>('SALLYPORT_ENROLMENT_TOKEN', null, parseEnrolmentToken),
    writeDeadlineSeconds: read('SALLYPORT_WRITE_DEADLINE_SECONDS', 15, parseWriteDeadline),
    quotas: read('SALLYPORT_QUOTAS', parseQuotas(''), parseQuotas),
    usageDays: read('SALLYPORT_USAGE_DAYS', parseUsageDays(''), parseUsageDays),
    usageRows: read('SALLYPORT_USAGE_ROWS', 50_000_000, parseUsageRows),
    organizationsPerPerson: read(
      'SALLYPORT_ORGANIZATIONS_PER_PERSON',
      ORGANIZATIONS_FOUNDED_DEFAULT,
      parseOrganizationsPerPerson,
    ),
    smtp: read<SmtpConfig | null>('SALLYPORT_SMTP_URL', null, parseSmtpUrl),
    mailFrom: read<MailAddress | null>('SALLYPORT_MAIL_FROM', null, parseMailFrom),
    signInProviders: read('SALLYPORT_SIGN_IN_PROVIDERS', [], parseSignInProviders),
    signUpDomains: read('SALLYPORT_SIGN_UP_DOMAINS', [], parseSignUpDomains),
    gitHubKeys: read('SALLYPORT_GITHUB_KEYS', [], parseGitHubKeys),
    logLevel: read('SALLYPORT_LOG_LEVEL', 'info', parseLogLevel),
    accessLog: read('SALLYPORT_ACCESS_LOG', 'refused', parseAccessLog),
    cacheBytes: read('SALLYPORT_CACHE_BYTES', CACHE_BYTES_DEFAULT, parseCacheBytes),
    gatewayThreads: read('SALLYPORT_GATEWAY_THREADS', 1, parseGatewayThreads),
    limits: {
      url: read<string | null>('SALLYPORT_LIMITS_URL', null, parseLimitsUrl),
      caFile: read<string | null>('SALLYPORT_LIMITS_CA_FILE', null, parseFolder),
      mode: read<LimitsMode>('SALLYPORT_LIMITS_MODE', 'local', parseLimitsMode),
      waitMs: read('SALLYPORT_LIMITS_WAIT_MS', LIMITS_WAIT_MS_DEFAULT, parseLimitsWait),
    },
    telemetry: readTelemetry(read),
  }
  return { config, problems: [...problems, ...unknownSettings(environment, known)] }
}

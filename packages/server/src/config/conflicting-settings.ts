import { HostKeys } from '@sallyport/core'
import type { Config, ListenConfig } from './config.ts'
import type { SettingProblem } from './config-error.ts'
import { isTlsStore } from './limit-settings.ts'
import type { Role } from './role-settings.ts'
import { hostName } from '../address/host-name.ts'
import { isLoopback } from '../address/loopback.ts'

/** The minimum if other machines can try to guess the token. On loopback, only this machine can. */
const SETUP_TOKEN_CHARS_MIN = 16

/**
 * Finds settings that are valid on their own but conflict with each other.
 *
 * @param known problems of single settings; their variables are not reported again
 * @param role only `all` listens on both ports, and a gateway or a relay has no control plane
 */
export function conflictingSettings(
  config: Config,
  known: readonly SettingProblem[],
  role: Role,
): SettingProblem[] {
  const problems: SettingProblem[] = []
  const report = (variable: string, message: string): void => {
    if (!known.some((problem) => problem.variable === variable)) problems.push({ variable, message })
  }
  if (role === 'all' && usesSamePort(config.control, config.gateway)) {
    report(
      'SALLYPORT_GATEWAY_PORT',
      `Port ${config.gateway.port} is also SALLYPORT_PORT, the control plane's port on ${config.control.host}. ` +
        'Use different ports.',
    )
  }
  const hasControlPlane = role === 'all' || role === 'control'
  if (hasControlPlane && config.gatewayUrl !== null && leadsTo(config.gatewayUrl, config.control)) {
    report(
      'SALLYPORT_GATEWAY_URL',
      `${config.gatewayUrl} leads to SALLYPORT_PORT, the control plane's port ${config.control.port}. ` +
        "Use the gateway's URL.",
    )
  }
  for (const message of hostConflicts(config)) report('SALLYPORT_HOSTS', message)
  const { setupToken } = config
  if (setupToken !== null && setupToken.length < SETUP_TOKEN_CHARS_MIN && !isLoopback(config.control.host)) {
    report(
      'SALLYPORT_SETUP_TOKEN',
      `The token has fewer than ${SETUP_TOKEN_CHARS_MIN} characters, and SALLYPORT_HOST "${config.control.host}" ` +
        `lets other machines guess it. Use at least ${SETUP_TOKEN_CHARS_MIN} random characters, or listen on 127.0.0.1.`,
    )
  }
  if (config.smtp !== null && config.mailFrom === null) {
    report(
      'SALLYPORT_MAIL_FROM',
      'SALLYPORT_SMTP_URL is set, but the mails have no sender. ' +
        'Set the sender, such as Sallyport <sallyport@example.com>.',
    )
  }
  if (config.smtp !== null && config.publicUrl === null) {
    report(
      'SALLYPORT_PUBLIC_URL',
      'SALLYPORT_SMTP_URL is set, and mails have links to this server, whose public URL is not set. ' +
        'Set the URL that people open, such as https://console.example.com.',
    )
  }
  if (config.signUpDomains.length > 0 && config.signInProviders.length === 0) {
    report(
      'SALLYPORT_SIGN_UP_DOMAINS',
      'Only a provider verifies addresses, and SALLYPORT_SIGN_IN_PROVIDERS is not set. Set it, or remove SALLYPORT_SIGN_UP_DOMAINS.',
    )
  }
  if (config.mailFrom !== null && config.smtp === null) {
    report(
      'SALLYPORT_SMTP_URL',
      'SALLYPORT_MAIL_FROM is set, but no server that sends mails. ' +
        'Set its URL, such as smtp://user:password@mail.example.com:587, or remove SALLYPORT_MAIL_FROM.',
    )
  }
  if (config.limits.mode === 'exact' && config.limits.url === null) {
    report(
      'SALLYPORT_LIMITS_URL',
      'SALLYPORT_LIMITS_MODE is exact, but there is no store that gateways share. ' +
        'Set its URL, such as redis://cache.example.com, or remove SALLYPORT_LIMITS_MODE.',
    )
  }
  if (config.limits.caFile !== null && (config.limits.url === null || !isTlsStore(config.limits.url))) {
    report(
      'SALLYPORT_LIMITS_CA_FILE',
      'It is for a store of limits with TLS. Set SALLYPORT_LIMITS_URL to a URL that begins with rediss://, or remove SALLYPORT_LIMITS_CA_FILE.',
    )
  }
  return problems
}

function* hostConflicts({ hosts, gatewayUrl }: Config): Iterable<string> {
  const environments = new Map<string, string>()
  for (const { host, organization, environment } of hosts) {
    const target = `${organization}/${environment}`
    const other = environments.get(host)
    if (other !== undefined && other !== target) {
      yield `"${host}" is assigned to both ${other} and ${target}. Keep one of them.`
    }
    environments.set(host, target)
  }
  const own = gatewayUrl === null ? undefined : hostName(new URL(gatewayUrl).hostname)
  if (own === undefined || environments.has(own)) return
  const pattern = new HostKeys(environments).keyOf(own)
  if (pattern === undefined) return
  yield (
    `"${pattern}" takes the host of SALLYPORT_GATEWAY_URL, ${own}, from all other environments. ` +
    'Use a pattern without that host, or give the host itself to an environment.'
  )
}

/** Whether a URL of this machine has the port of a server. */
function leadsTo(text: string, { host, port }: ListenConfig): boolean {
  const { protocol, hostname, port: urlPort } = new URL(text)
  const name = hostname.replace(/^\[|\]$/g, '')
  const isHere = name === host || (isLocalhost(name) && (isLocalhost(host) || isAnyAddress(host)))
  return isHere && (urlPort === '' ? (protocol === 'https:' ? 443 : 80) : Number(urlPort)) === port
}

function usesSamePort(left: ListenConfig, right: ListenConfig): boolean {
  if (left.port === 0 || left.port !== right.port) return false
  if (isAnyAddress(left.host) || isAnyAddress(right.host)) return true
  return left.host === right.host || (isLocalhost(left.host) && isLocalhost(right.host))
}

/** Whether a host is one that the name `localhost` may have as its address, or the name itself. */
function isLocalhost(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '::1'
}

function isAnyAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

import { isIP } from 'node:net'
import type { Config, ListenConfig } from './config.ts'
import type { SettingProblem } from './config-error.ts'

/** A set-up token that the network can try must not be guessed; on loopback only this machine can try it. */
const SETUP_TOKEN_CHARS_MIN = 16

/**
 * What is wrong with settings taken together, each of them being fine alone.
 *
 * @param known what is wrong with single settings: those are not looked at again
 */
export function contradictions(config: Config, known: readonly SettingProblem[]): SettingProblem[] {
  const problems: SettingProblem[] = []
  const tell = (variable: string, message: string): void => {
    if (!known.some((problem) => problem.variable === variable)) problems.push({ variable, message })
  }
  if (overlap(config.control, config.gateway)) {
    tell(
      'SALLYPORT_GATEWAY_PORT',
      `The gateway cannot listen on ${config.gateway.port}: the control plane does, on ${config.control.host}.`,
    )
  }
  const places = new Map<string, string>()
  for (const { host, organization, environment } of config.hosts) {
    const place = `${organization}/${environment}`
    const other = places.get(host)
    if (other !== undefined && other !== place) {
      tell('SALLYPORT_HOSTS', `${host} is given to ${other} and to ${place}.`)
    }
    places.set(host, place)
  }
  const { setupToken } = config
  if (setupToken !== null && setupToken.length < SETUP_TOKEN_CHARS_MIN && !isLoopback(config.control.host)) {
    tell(
      'SALLYPORT_SETUP_TOKEN',
      `With SALLYPORT_HOST off loopback it has at least ${SETUP_TOKEN_CHARS_MIN} characters, so that nobody guesses it.`,
    )
  }
  return problems
}

function overlap(left: ListenConfig, right: ListenConfig): boolean {
  if (left.port === 0 || left.port !== right.port) return false
  return left.host === right.host || isEverywhere(left.host) || isEverywhere(right.host)
}

function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::'
}

function isLoopback(host: string): boolean {
  if (isIP(host) === 4) return host.startsWith('127.')
  return host === '::1' || host === 'localhost'
}

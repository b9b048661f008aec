import type { Config } from './config.ts'
import type { SettingProblem } from './config-error.ts'
import { ConfigError } from './config-error.ts'

/** What a server process is for. */
export const ROLES = ['all', 'control', 'gateway'] as const
export type Role = (typeof ROLES)[number]

/** Settings that a process of a role must not have, and those that it needs. @throws ConfigError that lists them */
export function requireRoleSettings(role: Role, config: Config): void {
  const problems: SettingProblem[] =
    role === 'gateway' ? gatewayProblems(config) : controlProblems(role, config)
  if (problems.length > 0) throw new ConfigError(problems)
}

function gatewayProblems({ controlUrls, databaseUrl, setupToken }: Config): SettingProblem[] {
  const problems: SettingProblem[] = []
  if (controlUrls.length === 0) {
    problems.push({
      variable: 'SALLYPORT_CONTROL_URL',
      message:
        'A gateway is fed by control nodes. Set their URLs, such as https://control.example.com, separated by commas.',
    })
  }
  if (databaseUrl !== null) {
    problems.push({
      variable: 'SALLYPORT_DATABASE_URL',
      message: 'A gateway must not have the credentials of the database. Remove it.',
    })
  }
  if (setupToken !== null) {
    problems.push({
      variable: 'SALLYPORT_SETUP_TOKEN',
      message: 'Only a control node is set up. Remove it.',
    })
  }
  return problems
}

function controlProblems(role: Role, { controlUrls, enrolmentToken, gatewayUrl }: Config): SettingProblem[] {
  const problems: SettingProblem[] = []
  for (const [variable, isSet] of [
    ['SALLYPORT_CONTROL_URL', controlUrls.length > 0],
    ['SALLYPORT_ENROLMENT_TOKEN', enrolmentToken !== null],
  ] as const) {
    if (isSet) {
      const message =
        'It is for gateways without a database. Remove it, or start this process with --role gateway.'
      problems.push({ variable, message })
    }
  }
  if (role === 'control' && gatewayUrl === null) {
    problems.push({
      variable: 'SALLYPORT_GATEWAY_URL',
      message: 'A control node has no gateway of its own. Set the URL that callers reach the gateways at.',
    })
  }
  return problems
}

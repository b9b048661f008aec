import type { Config } from './config.ts'
import type { SettingProblem } from './config-error.ts'
import { ConfigError } from './config-error.ts'

/** What a server process is for. */
export const ROLES = ['all', 'control', 'gateway', 'relay'] as const
export type Role = (typeof ROLES)[number]

/** The roles of processes with the database. */
export type DatabaseRole = Exclude<Role, 'gateway' | 'relay'>

/** Settings that a process of a role must not have, and those that it needs. @throws ConfigError that lists them */
export function requireRoleSettings(role: Role, config: Config): void {
  const problems: SettingProblem[] =
    role === 'gateway' || role === 'relay' ? memberProblems(role, config) : controlProblems(role, config)
  if (problems.length > 0) throw new ConfigError(problems)
}

function memberProblems(
  role: Exclude<Role, DatabaseRole>,
  { controlUrls, databaseUrl, setupToken }: Config,
): SettingProblem[] {
  const problems: SettingProblem[] = []
  if (controlUrls.length === 0) {
    problems.push({
      variable: 'SALLYPORT_CONTROL_URL',
      message: `A ${role} is fed by control nodes. Set their URLs, such as https://control.example.com, separated by commas.`,
    })
  }
  if (databaseUrl !== null) {
    problems.push({
      variable: 'SALLYPORT_DATABASE_URL',
      message: `A ${role} must not have the credentials of the database. Remove it.`,
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

function controlProblems(
  role: DatabaseRole,
  { controlUrls, enrolmentToken, gatewayUrl }: Config,
): SettingProblem[] {
  const problems: SettingProblem[] = []
  for (const [variable, isSet] of [
    ['SALLYPORT_CONTROL_URL', controlUrls.length > 0],
    ['SALLYPORT_ENROLMENT_TOKEN', enrolmentToken !== null],
  ] as const) {
    if (isSet) {
      const message =
        'It is for processes without a database. Remove it, or start this process with --role gateway or relay.'
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

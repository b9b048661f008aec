import { editDistance } from '@sallyport/core'
import type { SettingProblem } from './config-error.ts'
import type { Environment } from './config.ts'

const PREFIX = 'SALLYPORT_'

/** Variables of the repository's tests and of the API reference's commands, which share the prefix. */
const FOREIGN: ReadonlySet<string> = new Set([
  'SALLYPORT_TEST_POSTGRES_URL',
  'SALLYPORT_URL',
  'SALLYPORT_TOKEN',
])

/** The variables that Kubernetes sets in a pod for each Service, such as `SALLYPORT_SERVICE_HOST`. */
const KUBERNETES = /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT_\d+_(?:TCP|UDP|SCTP)(?:_|$)/

/** The names of all variables that are set and look like settings, sorted. */
export function settingVariables(environment: Environment = process.env): string[] {
  return Object.keys(environment)
    .filter((name) => name.toUpperCase().startsWith(PREFIX) && (environment[name]?.trim() ?? '') !== '')
    .filter((name) => !isReadAs(FOREIGN, name, environment))
    .toSorted()
}

/**
 * Finds variables that look like settings but are none: a mistyped setting must not silently get its default.
 *
 * @param known the names of all settings
 */
export function unknownSettings(environment: Environment, known: ReadonlySet<string>): SettingProblem[] {
  return settingVariables(environment)
    .filter((name) => !isReadAs(known, name, environment))
    .map((variable) => ({ variable, message: messageOf(variable, known) }))
}

/** Whether a program that reads variables of these names reads this one. */
function isReadAs(names: ReadonlySet<string>, name: string, environment: Environment): boolean {
  const upper = name.toUpperCase()
  // Windows ignores the case of names.
  return names.has(upper) && (name === upper || environment[upper] === environment[name])
}

function messageOf(variable: string, known: ReadonlySet<string>): string {
  if (KUBERNETES.test(variable)) {
    return (
      'There is no such setting. Kubernetes sets this variable for a Service. ' +
      'Set enableServiceLinks: false in the pod, or rename the Service.'
    )
  }
  return `There is no such setting. Did you mean ${nearest(variable, known)}? README.md lists all settings.`
}

/** The most similar name. An abbreviation counts as half as different as other edits. */
function nearest(variable: string, known: ReadonlySet<string>): string {
  const name = variable.toUpperCase().slice(PREFIX.length)
  const ranked = [...known]
    .filter((one) => one.startsWith(PREFIX))
    .map((one) => {
      const other = one.slice(PREFIX.length)
      const edits = editDistance(name, other)
      return { one, edits: isAbbreviation(name, other) ? edits / 2 : edits }
    })
  const [best] = ranked.toSorted((left, right) => left.edits - right.edits)
  return best?.one ?? ''
}

/** Whether a text consists of characters of another one in their order, as `DB_URL` does of `DATABASE_URL`. */
function isAbbreviation(short: string, long: string): boolean {
  let matched = 0
  for (const character of long) if (character === short[matched]) matched += 1
  return matched === short.length
}

import { SallyportError } from '@sallyport/sdk'

/** The exit codes of the command line. */
export const EXIT = { done: 0, failed: 1, differences: 2, refusedByPolicy: 3, notPermitted: 4 } as const

/** The command cannot run as it was given. The message says what to change. */
export class UsageError extends Error {}

/** Codes of the server for what a policy of the environment refuses. */
const POLICY_CODES: ReadonlySet<string> = new Set(['deployment_refused'])

/** The exit code of a command that threw this. */
export function exitCodeOf(error: unknown): number {
  if (!(error instanceof SallyportError)) return EXIT.failed
  if (POLICY_CODES.has(error.code)) return EXIT.refusedByPolicy
  return error.status === 401 || error.status === 403 ? EXIT.notPermitted : EXIT.failed
}

/** What to tell the person: what happened, each wrong place of the input, and what names the request in the server's log. */
export function failureText(error: unknown): string {
  if (!(error instanceof SallyportError)) return error instanceof Error ? error.message : String(error)
  const { code, detail, errors, problem, requestId } = error
  const places = errors.map(({ path, message }) => `  ${path}: ${message}`)
  const violations = violationsOf(problem)
  const request = requestId === null ? [] : [`Request ${requestId}`]
  return [`${detail} (${code})`, ...places, ...violations, ...request].join('\n')
}

/** What the environment demands and the pipeline does not have, with the fix of each. */
function violationsOf({ violations }: Readonly<Record<string, unknown>>): readonly string[] {
  if (!Array.isArray(violations)) return []
  return (violations as readonly Violation[]).flatMap(({ path, required, found, fix }) => [
    `  ${path}: required ${textOf(required)}, found ${textOf(found)}`,
    `    ${fix}`,
  ])
}

interface Violation {
  readonly path: string
  readonly required: unknown
  readonly found: unknown
  readonly fix: string
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

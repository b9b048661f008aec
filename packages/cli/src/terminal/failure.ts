import { SallyportError } from '@sallyport/sdk'
import { safeLines } from './safe-text.ts'

/** The exit codes of the command line. */
export const EXIT = {
  done: 0,
  failed: 1,
  differences: 2,
  refusedByPolicy: 3,
  notPermitted: 4,
  /** As shells say that Ctrl-C ended a command: 128 and the number of SIGINT. */
  interrupted: 130,
} as const

/** The command cannot run as it was given. The message says what to change. */
export class UsageError extends Error {}

/** The person ended the command at a question. */
export class InterruptedError extends Error {}

/** Codes of the server for what a policy of the environment refuses. */
const POLICY_CODES: ReadonlySet<string> = new Set(['deployment_refused'])
/** Codes with status 403 that say nothing of the rights of the key; the second one is that of a proxy. */
const NOT_OF_RIGHTS: ReadonlySet<string> = new Set(['quota_exceeded', 'unexpected_answer'])

/** The exit code of a command that threw this. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof InterruptedError) return EXIT.interrupted
  if (!(error instanceof SallyportError)) return EXIT.failed
  const { code, status } = error
  if (POLICY_CODES.has(code)) return EXIT.refusedByPolicy
  return (status === 401 || status === 403) && !NOT_OF_RIGHTS.has(code) ? EXIT.notPermitted : EXIT.failed
}

/** What to tell the person: what happened, each wrong place of the input, and what names the request in the server's log. */
export function failureText(error: unknown): string {
  return safeLines(error instanceof SallyportError ? problemText(error) : messageOf(error))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function problemText(error: SallyportError): string {
  const { code, detail, errors, problem, requestId } = error
  const places = errors.map(({ path, message }) => `  ${path}: ${message}`)
  const request = requestId === null ? [] : [`Request ${requestId}`]
  return [`${detail} (${code})`, ...reasonOf(error), ...places, ...violationsOf(problem), ...request].join(
    '\n',
  )
}

/** Why there was no answer, as the system says it. Other causes are left out: they can quote a header with the token. */
function reasonOf({ cause }: Error): readonly string[] {
  for (let error = cause; error instanceof Error; error = error.cause) {
    const { code, message } = error as NodeJS.ErrnoException
    if (typeof code === 'string') return [`  ${message || code}`]
  }
  return []
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

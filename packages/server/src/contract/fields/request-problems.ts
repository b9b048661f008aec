import type { z } from 'zod'

/** One thing that is wrong with a request. */
export interface RequestProblem {
  /** A JSON Pointer (RFC 6901) into the part of the request that is looked at. */
  readonly path: string
  readonly message: string
}

/** So many problems are told at once; a body made of nothing else must not make an answer of megabytes. */
const REQUEST_PROBLEMS_MAX = 100
const UNKNOWN_FIELD = 'This field is not known.'
const NAME_CHARS_MAX = 100

/** Messages that say what to do where zod's own do not; schemas that have their own come before these. */
function messageFor(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'unrecognized_keys') return UNKNOWN_FIELD
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'This field is required.'
  return undefined
}

export type ParsedRequest<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly RequestProblem[] }

/** Parses a part of a request, and names everything that is wrong with it at once. */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  data: unknown,
): ParsedRequest<z.output<Schema>> {
  const result = schema.safeParse(data, { error: messageFor })
  if (result.success) return { ok: true, value: result.data }
  const problems = result.error.issues.flatMap(problemsOf)
  return { ok: false, problems: problems.slice(0, REQUEST_PROBLEMS_MAX) }
}

function problemsOf(issue: z.core.$ZodIssue): RequestProblem[] {
  const meant = issue.code === 'invalid_union' ? meantAlternative(issue) : undefined
  if (meant !== undefined) return meant.flatMap(problemsOf)
  // An unknown field is a problem of that field, so that every one of them is named.
  const paths =
    issue.code === 'unrecognized_keys' ? issue.keys.map((name) => [...issue.path, name]) : [issue.path]
  return paths
    .slice(0, REQUEST_PROBLEMS_MAX)
    .map((path) => ({ path: pointerOf(path), message: issue.message }))
}

/** Where a value can be of several kinds and is of one of them, but for something within it, that is what is wrong. */
function meantAlternative(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const near = issue.errors.filter((issues) => issues.every(({ path }) => path.length > 0))
  return near.length === 1
    ? near[0]?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
    : undefined
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).slice(0, NAME_CHARS_MAX).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
}

import { closestName } from '@sallyport/core'
import { z } from 'zod'

/** One problem of a request. */
export interface RequestProblem {
  /** A JSON Pointer (RFC 6901) into the validated part of the request. */
  readonly path: string
  readonly message: string
}

/** The most problems in one response, so that a body of nothing but errors does not cause a response of megabytes. */
const REQUEST_PROBLEMS_MAX = 100
const UNKNOWN_FIELD = 'This field is unknown.'
const NAME_CHARS_MAX = 100

/** The fields of an object, by the list of those that it was sent and does not have. */
const fieldsBesides = new WeakMap<readonly string[], readonly string[]>()

/** Messages that say what to send instead; a message of the schema itself takes precedence over them. */
function messageFor(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'unrecognized_keys':
      if (issue.inst instanceof z.ZodObject) {
        fieldsBesides.set(issue.keys, Object.keys(issue.inst.shape))
      }
      return UNKNOWN_FIELD
    case 'invalid_type':
      if (issue.input === undefined) return 'This field is required.'
      // A query parameter that is repeated becomes a list.
      if (issue.expected === 'string' && Array.isArray(issue.input)) return 'Send one string.'
      return `Send ${TYPES[issue.expected] ?? 'another type'}.`
    case 'invalid_value':
      return `Use ${listed(issue.values)}.`
    case 'invalid_union':
      // The field that chooses the form has a wrong value, or is missing.
      if (Array.isArray(issue.options)) return `Use ${listed(issue.options)}.`
      return 'Send one of the forms that /docs shows for this field.'
    case 'too_big':
      return issue.exact === true ? undefined : `Send at most ${amountOf(issue.maximum, issue.origin)}.`
    case 'too_small':
      return issue.exact === true ? undefined : `Send at least ${amountOf(issue.minimum, issue.origin)}.`
    default:
      return undefined
  }
}

/** The types of JSON, by their names in schemas. */
const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: '`true` or `false`',
  array: 'an array',
  object: 'an object',
  record: 'an object',
  null: '`null`',
}

/** The units of a limit, by the type that it limits. A limit of a number has none. */
const UNITS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
}

function amountOf(limit: number | bigint, origin: string): string {
  const units = UNITS[origin]
  return units === undefined ? String(limit) : `${limit} ${units[Number(limit) === 1 ? 0 : 1]}`
}

function listed(values: readonly unknown[]): string {
  const texts = values.map((value) => (typeof value === 'string' ? `"${value}"` : String(value)))
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1) ?? ''}`
}

export type ParsedRequest<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly RequestProblem[] }

/** Parses a part of a request and lists all of its problems. */
export function parseRequest<Schema extends z.ZodType>(
  schema: Schema,
  data: unknown,
): ParsedRequest<z.output<Schema>> {
  const result = schema.safeParse(data, { error: messageFor })
  if (result.success) return { ok: true, value: result.data }
  const problems = result.error.issues.filter(isOwnLimit).flatMap(problemsOf)
  return { ok: false, problems: problems.slice(0, REQUEST_PROBLEMS_MAX) }
}

/** Whether a limit is that of the field. A whole number beyond those that JavaScript holds exceeds two. */
function isOwnLimit(issue: z.core.$ZodIssue, index: number, issues: readonly z.core.$ZodIssue[]): boolean {
  const next = issues[index + 1]
  const isGeneral =
    (issue.code === 'too_big' && issue.maximum === Number.MAX_SAFE_INTEGER) ||
    (issue.code === 'too_small' && issue.minimum === Number.MIN_SAFE_INTEGER)
  return !isGeneral || next?.code !== issue.code || pointerOf(next.path) !== pointerOf(issue.path)
}

function problemsOf(issue: z.core.$ZodIssue): RequestProblem[] {
  const nearest = issue.code === 'invalid_union' ? nearestAlternative(issue) : undefined
  if (nearest !== undefined) return nearest.filter(isOwnLimit).flatMap(problemsOf)
  if (issue.code !== 'unrecognized_keys') return [{ path: pointerOf(issue.path), message: issue.message }]
  // Each unknown field is a problem of its own, so that the response names all of them.
  return issue.keys.slice(0, REQUEST_PROBLEMS_MAX).map((name) => ({
    path: pointerOf([...issue.path, name]),
    message: issue.message === UNKNOWN_FIELD ? unknownField(name, issue.keys) : issue.message,
  }))
}

function unknownField(name: string, unknown: readonly string[]): string {
  const meant = closestName(name, fieldsBesides.get(unknown) ?? [])
  return meant === undefined ? UNKNOWN_FIELD : `${UNKNOWN_FIELD} Did you mean \`${meant}\`?`
}

/** The issues of the only alternative of a union whose type matches, so that only its form or something inside is wrong. */
function nearestAlternative(issue: z.core.$ZodIssueInvalidUnion): z.core.$ZodIssue[] | undefined {
  const near = issue.errors.filter((issues) => issues.every(isOfType))
  return near.length === 1
    ? near[0]?.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }))
    : undefined
}

/** Whether a value with this issue has the right type: something inside is wrong, or a rule of the schema's own says so. */
function isOfType({ path, code }: z.core.$ZodIssue): boolean {
  return path.length > 0 || code === 'custom'
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path
    .map((part) => `/${String(part).slice(0, NAME_CHARS_MAX).replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
}

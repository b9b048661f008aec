import { UsageError } from '../terminal/failure.ts'
import { fieldValue, flagOf, readStructure } from './field-values.ts'
import type { Field, OperationFields } from './operation-fields.ts'

/** What a person gave for the fields of an operation. */
export interface GivenFields {
  /** The texts of each field that was given. */
  readonly texts: Readonly<Record<string, readonly string[]>>
  /** A file with the members of the body; fields that are given beside it replace its members. */
  readonly file: string | undefined
  /** Members that the command itself gives. */
  readonly fixed: Readonly<Record<string, unknown>>
}

/**
 * The input of an operation, as the functions of the SDK take it, without the organization.
 *
 * @throws UsageError for a value that its field cannot have, and for a required field that is missing
 */
export function operationInput(
  { path, query, body }: OperationFields,
  { texts, file, fixed }: GivenFields,
  nowMs: number,
): Readonly<Record<string, unknown>> {
  const fromFile = file === undefined ? {} : bodyOf(readStructure(file), file)
  const given = [...query, ...body].flatMap((field) => {
    const own = texts[field.name]
    return own === undefined ? [] : [[field.name, fieldValue(field, own, nowMs)] as const]
  })
  const ofPath = path.map(({ name }) => [name, texts[name]?.[0]] as const)
  const input = { ...fromFile, ...Object.fromEntries([...ofPath, ...given]), ...fixed }
  requireFields([...query, ...body], input)
  return input
}

function bodyOf(content: unknown, file: string): Readonly<Record<string, unknown>> {
  if (typeof content === 'object' && content !== null && !Array.isArray(content))
    return content as Readonly<Record<string, unknown>>
  throw new UsageError(`${file} must hold the members of the request, such as "name: mobile-app".`)
}

function requireFields(fields: readonly Field[], input: Readonly<Record<string, unknown>>): void {
  const missing = fields.filter(({ name, isRequired }) => isRequired === true && input[name] === undefined)
  if (missing.length > 0) throw new UsageError(`Missing: ${missing.map(flagOf).join(', ')}.`)
}

import { UsageError } from '../terminal/failure.ts'
import { fieldValue, flagOf, readStructure } from './field-values.ts'
import type { InputFiles } from './input-files.ts'
import type { Field, OperationFields } from './operation-fields.ts'

/** What a person gave for the fields of an operation. */
export interface GivenFields {
  /** The texts of each field that was given. */
  readonly texts: Readonly<Record<string, readonly string[]>>
  /** A file with the members of the body; fields that are given beside it replace its members. */
  readonly file: string | undefined
  /** Members that the command itself gives. */
  readonly fixed: Readonly<Record<string, unknown>>
  /** A field that is read later. */
  readonly hidden: string | undefined
}

/** Inputs of the SDK that are not fields of a request. */
const NOT_FIELDS = ['organization', 'cursor', 'accept', 'contentType', 'file'] as const

/**
 * The input of an operation, as the functions of the SDK take it, without the organization.
 *
 * @throws UsageError for a value that its field cannot have, and for a required field that is missing
 */
export async function operationInput(
  operation: OperationFields,
  { texts, file, fixed, hidden }: GivenFields,
  nowMs: number,
  files: Pick<InputFiles, 'text'>,
): Promise<Readonly<Record<string, unknown>>> {
  const { path, query, body } = operation
  const fields = [...query, ...body]
  const input: Record<string, unknown> = file === undefined ? {} : await bodyOf(operation, file, files)
  for (const { name } of path) input[name] = pathValue(name, texts[name]?.[0] ?? '')
  for (const field of fields) {
    const own = texts[field.name]
    if (own !== undefined) input[field.name] = await fieldValue(field, own, nowMs, files)
  }
  Object.assign(input, fixed)
  requireFields(
    fields.filter(({ name }) => name !== hidden),
    input,
  )
  return input
}

/** @throws UsageError */
async function bodyOf(
  { path, query, body }: OperationFields,
  file: string,
  files: Pick<InputFiles, 'text'>,
): Promise<Record<string, unknown>> {
  const content = await readStructure(files, file)
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new UsageError(`${file} must hold the members of the request, such as "name: mobile-app".`)
  // A file says what is sent, and not where to.
  const others = [...[...path, ...query].map(({ name }) => name), ...NOT_FIELDS]
  const members = new Set(body.map(({ name }) => name))
  const wrong = others.find((name) => name in content && !members.has(name))
  if (wrong !== undefined)
    throw new UsageError(`${file}: ${JSON.stringify(wrong)} is not a member of the request.`)
  return { ...content }
}

/** @throws UsageError */
function pathValue(name: string, text: string): string {
  if (text === '') throw new UsageError(`The ${wordsOf(name)} is empty.`)
  return text
}

function wordsOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function requireFields(fields: readonly Field[], input: Readonly<Record<string, unknown>>): void {
  const missing = fields.filter(({ name, isRequired }) => isRequired === true && input[name] === undefined)
  if (missing.length > 0) throw new UsageError(`Missing: ${missing.map(flagOf).join(', ')}.`)
}

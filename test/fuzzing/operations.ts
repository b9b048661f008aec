import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'

/** An operation of the OpenAPI document. */
export interface Operation {
  readonly id: string
  /** In upper case. */
  readonly method: string
  /** With `{name}` for each parameter. */
  readonly path: string
  /** The body of its example; undefined if it has none. */
  readonly example: unknown
  /** Where its path and its query have a parameter. */
  readonly parameters: readonly Parameter[]
  /** The JSON Schema of its body; undefined if it has none. */
  readonly body: Schema | undefined
  /** The statuses and JSON Pointers of its documented successes. */
  readonly successes: ReadonlyMap<number, string>
}

interface Parameter {
  readonly in: string
  readonly name: string
}

/** The part of a JSON Schema that says which members a value has. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}

interface DocumentedOperation {
  readonly operationId: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly example?: unknown; readonly schema: Schema }>>
  }
  readonly responses: Readonly<Record<string, unknown>>
}

const DOCUMENT = JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
}

/** Every operation of the document, by its id. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries(DOCUMENT.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, parameters = [], requestBody, responses }]) => [
      operationId,
      {
        id: operationId,
        method: method.toUpperCase(),
        path,
        example: requestBody?.content['application/json']?.example,
        parameters: parameters.map(({ in: place, name }) => ({ in: place, name })),
        body: requestBody?.content['application/json']?.schema,
        successes: new Map(
          Object.keys(responses)
            .filter((status) => /^\d{3}$/.test(status))
            .map((status) => [Number(status), pointer('paths', path, method, 'responses', status)]),
        ),
      },
    ]),
  ),
)

/** The path of an operation with the values of its parameters. */
export function pathOf({ id, path }: Operation, parameters: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = parameters[name]
    if (value === undefined) throw new Error(`${id} needs a value for {${name}}`)
    return encodeURIComponent(value)
  })
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(DOCUMENT, 'openapi.json')

/** What the document does not allow in the body of a success; empty if nothing. */
export function undocumentedIn(success: string, body: unknown): string {
  return undocumentedBy(`${success}${pointer('content', 'application/json', 'schema')}`, body)
}

/** What the document does not allow in the body of a refusal; empty if nothing. */
export function undocumentedInRefusal(body: unknown): string {
  return undocumentedBy(REFUSAL, body)
}

const REFUSAL = pointer('components', 'responses', 'Refused', 'content', 'application/problem+json', 'schema')

function undocumentedBy(schema: string, body: unknown): string {
  // It compiles a schema when it is used for the first time, by its address.
  const validate = ajv.getSchema(`openapi.json#${schema}`)
  if (validate === undefined) throw new Error(`The document has no schema at ${schema}`)
  return validate(body) === true ? '' : ajv.errorsText(validate.errors)
}

/** A JSON Pointer in a URI fragment (RFC 6901 sections 3 and 6). */
function pointer(...members: readonly string[]): string {
  return members
    .map((member) => `/${encodeURIComponent(member.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
    .join('')
}

import { namedTypes } from './named-types.ts'
import type { Operation } from './operations.ts'
import {
  comment,
  definitionOf,
  type Member,
  membersOf,
  type NamedTypes,
  objectType,
  type Schema,
  schemaText,
  schemaType,
} from './schema-type.ts'

const HEADER = '// Generated from openapi/openapi.json by `npm run sdk`. Change the document instead.\n\n'

/** The generated files of the SDK, by their names; not formatted. */
export function sdkTexts(operations: readonly Operation[]): Readonly<Record<string, string>> {
  const types = namedTypes(operations)
  const named: NamedTypes = new Map([...types].map(([name, schema]) => [schemaText(schema), name]))
  return {
    'types.ts': HEADER + [...types].map(([name, schema]) => declaration(name, schema, named)).join('\n'),
    'inputs.ts': HEADER + imports(types) + operations.map((one) => inputDeclaration(one, named)).join('\n'),
    'outputs.ts':
      HEADER +
      imports(types) +
      operations
        .filter((one) => hasOutput(one, named))
        .map((one) => declaration(outputName(one), one.answerSchema ?? {}, named))
        .join('\n'),
    'client.ts': HEADER + clientText(operations, types, named),
    'operations.ts': HEADER + operationsText(operations),
    'spec-schema.ts': HEADER + specSchemaText(operations),
  }
}

function declaration(name: string, schema: Schema, named: NamedTypes): string {
  const definition = definitionOf(schema, named)
  const text = schema.type === 'object' ? `interface ${name} ${definition}` : `type ${name} = ${definition}`
  return `${comment(schema.description)}export ${text}\n`
}

function inputName({ id }: Operation): string {
  return `${capital(id)}Input`
}

function outputName({ id }: Operation): string {
  return `${capital(id)}Output`
}

/** Whether the answer has no name of its own. */
function hasOutput({ answer, answerSchema }: Operation, named: NamedTypes): boolean {
  return answer === 'json' && answerSchema !== undefined && !named.has(schemaText(answerSchema))
}

function inputDeclaration(operation: Operation, named: NamedTypes): string {
  const { body } = operation
  const choices = body?.anyOf
  const members = [...parameterMembers(operation, named), ...fileMembers(operation)]
  const name = inputName(operation)
  if (choices !== undefined) {
    const bodyType = choices.map((one) => schemaType(one, named)).join(' | ')
    return `export type ${name} = ${objectType(members)} & (${bodyType})\n`
  }
  if (body !== undefined && body.properties === undefined)
    throw new Error(`${operation.id} has a body without members`)
  return `export interface ${name} ${objectType([...members, ...(body === undefined ? [] : membersOf(body, named))])}\n`
}

function parameterMembers(
  { pathParameters, queryParameters }: Operation,
  named: NamedTypes,
): readonly Member[] {
  return [...pathParameters, ...queryParameters]
    .filter(({ name }) => name !== 'cursor')
    .map(({ name, required = false, description, schema }) => ({
      name,
      type: schemaType(schema, named),
      // The client can have an organization.
      isRequired: required && name !== 'organization',
      description:
        name === 'organization' ? `${description ?? ''} That of the client unless given.` : description,
    }))
}

function fileMembers({ sentFile, receivedFile, mustAccept }: Operation): readonly Member[] {
  const sent: readonly Member[] =
    sentFile.length === 0
      ? []
      : [
          { name: 'file', type: 'FileContent', isRequired: true, description: 'The content of the file.' },
          {
            name: 'contentType',
            type: unionOf(sentFile),
            isRequired: true,
            description: 'The form of the file.',
          },
        ]
  const received: readonly Member[] =
    receivedFile.length === 0
      ? []
      : [
          {
            name: 'accept',
            type: unionOf(receivedFile),
            isRequired: mustAccept,
            description: 'The form of the file.',
          },
        ]
  return [...sent, ...received]
}

function unionOf(texts: readonly string[]): string {
  return texts.map((one) => JSON.stringify(one)).join(' | ')
}

function clientText(
  operations: readonly Operation[],
  types: ReadonlyMap<string, Schema>,
  named: NamedTypes,
): string {
  const inputs = operations.map(inputName)
  return [
    "import type { CallOptions } from '../calls/call.ts'\n",
    "import type { List } from '../calls/list.ts'\n",
    `import type { ${inputs.join(', ')} } from './inputs.ts'\n`,
    `import type { ${operations.map(outputName).join(', ')} } from './outputs.ts'\n`,
    `import type { ${[...types.keys()].join(', ')} } from './types.ts'\n\n`,
    '/** The operations of the management API. */\n',
    `export interface Operations {\n${operations.map((one) => methodText(one, named)).join('\n')}}\n`,
  ].join('')
}

function methodText(operation: Operation, named: NamedTypes): string {
  const { id, method, path, summary, description } = operation
  const optional = isInputOptional(operation) ? '?' : ''
  const text = `${summary}.\n\n${description}\n\n\`${method} ${path}\``
  return `${comment(text)}${id}(input${optional}: ${inputName(operation)}, options?: CallOptions): ${answerType(operation, named)}\n`
}

function isInputOptional({
  pathParameters,
  queryParameters,
  body,
  sentFile,
  mustAccept,
}: Operation): boolean {
  const required = [...pathParameters, ...queryParameters].filter(
    (parameter) => parameter.required === true && parameter.name !== 'organization',
  )
  return (
    required.length === 0 &&
    !mustAccept &&
    sentFile.length === 0 &&
    (body === undefined || (body.anyOf === undefined && (body.required ?? []).length === 0))
  )
}

function answerType(operation: Operation, named: NamedTypes): string {
  const { answer, answerSchema } = operation
  if (hasOutput(operation, named)) return `Promise<${outputName(operation)}>`
  switch (answer) {
    case 'none':
      return 'Promise<void>'
    case 'file':
      return 'Promise<Response>'
    case 'json':
      return `Promise<${schemaType(answerSchema ?? {}, named)}>`
    case 'list': {
      const { items, ...more } = answerSchema?.properties ?? {}
      const item = schemaType(items?.items ?? {}, named)
      const page = membersOf({ properties: more, required: answerSchema?.required ?? [] }, named).filter(
        ({ name }) => name !== 'next',
      )
      return page.length === 0 ? `List<${item}>` : `List<${item}, ${objectType(page)}>`
    }
  }
}

function operationsText(operations: readonly Operation[]): string {
  const entries = operations.map((one) => {
    const { id, method, path, queryParameters, hasIdempotencyKey, body, sentFile, answer } = one
    const query = queryParameters.map(({ name }) => name)
    return `${id}: ${JSON.stringify({
      method,
      path,
      ...(query.length > 0 && { query }),
      ...(body !== undefined && { body: 'json' }),
      ...(sentFile.length > 0 && { body: 'file' }),
      ...(hasIdempotencyKey && { idempotencyKey: true }),
      ...(answer !== 'json' && { answer }),
    })}`
  })
  return [
    "import type { OperationShape } from '../calls/call.ts'\n",
    "import type { Operations } from './client.ts'\n\n",
    '/** How each operation is called. */\n',
    `export const OPERATIONS: Readonly<Record<keyof Operations, OperationShape>> = {\n${entries.join(',\n')}\n}\n`,
  ].join('')
}

/** The schema of the spec that a new pipeline has, for editors: instead of null, they let people leave a field out. */
function specSchemaText(operations: readonly Operation[]): string {
  const schema = operations.find(({ id }) => id === 'createPipeline')?.body?.properties?.['spec']
  if (schema === undefined) throw new Error('createPipeline has no spec')
  return [
    "import type { JsonSchema } from '../schemas/json-schema.ts'\n\n",
    '/** The schema of the spec of a pipeline. */\n',
    `export const SPEC_SCHEMA: JsonSchema = ${JSON.stringify(withoutNulls(schema))}\n`,
  ].join('')
}

/**
 * A part of a schema without the alternative null, except where null is the default, and in the values of an object with any
 * names: these are never left out, so null has a meaning of its own.
 */
function withoutNulls<Part>(part: Part, isValue = false): Part {
  if (typeof part !== 'object' || part === null) return part
  if (Array.isArray(part)) return part.map((item: unknown) => withoutNulls(item)) as Part
  const members = Object.entries(part).map(([name, value]) => [
    name,
    withoutNulls(value, name === 'additionalProperties'),
  ])
  const { anyOf, ...rest } = Object.fromEntries(members) as {
    readonly anyOf?: readonly Schema[]
    readonly default?: unknown
  }
  if (anyOf === undefined) return rest as Part
  if (isValue || rest.default === null) return { ...rest, anyOf } as Part
  const forms = anyOf.filter(({ type }) => type !== 'null')
  return (forms.length === 1 ? { ...forms[0], ...rest } : { ...rest, anyOf: forms }) as Part
}

function imports(types: ReadonlyMap<string, Schema>): string {
  return `import type { FileContent } from '../calls/call.ts'\nimport type { ${[...types.keys()].join(', ')} } from './types.ts'\n\n`
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}

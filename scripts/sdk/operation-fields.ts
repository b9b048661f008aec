import type { Field, FieldKind } from '../../packages/cli/src/operations/operation-fields.ts'
import type { Operation } from './operations.ts'
import type { Schema } from './schema-type.ts'

/** What the command line says about the fields of each operation and how it reads them. Not formatted. */
export function operationFieldsText(operations: readonly Operation[]): string {
  const entries = operations.map((operation) => {
    const {
      id,
      summary,
      description,
      path,
      pathParameters,
      queryParameters,
      body,
      answer,
      sentFile,
      receivedFile,
    } = operation
    return `${id}: ${JSON.stringify({
      summary,
      description,
      path: pathParameters
        .filter(({ name }) => name !== 'organization')
        .map((parameter) => ({ name: parameter.name, description: parameter.description ?? '' })),
      ...(path.includes('{organization}') && { ofOrganization: true }),
      query: queryParameters
        .filter(({ name }) => name !== 'cursor')
        .map((parameter) =>
          filterOf(fieldOf(parameter.name, describedBy(parameter), parameter.required === true)),
        ),
      body: bodyFields(body),
      answer,
      ...(sentFile.length > 0 && { sentFile }),
      ...(receivedFile.length > 0 && { receivedFile }),
    })}`
  })
  return [
    '// Generated from openapi/openapi.json by `npm run sdk`. Change the document instead.\n\n',
    "import type { OperationFields } from '../operations/operation-fields.ts'\n\n",
    '/** The fields of each operation of the management API. */\n',
    `export const OPERATION_FIELDS = {\n${entries.join(',\n')}\n} as const satisfies Readonly<Record<string, OperationFields>>\n`,
  ].join('')
}

function describedBy({ schema, description }: Operation['queryParameters'][number]): Schema {
  return { ...schema, ...(description !== undefined && { description }) }
}

/** The members of a body. One that has several forms has those of all, and requires none. */
function bodyFields(body: Schema | undefined): readonly Field[] {
  if (body === undefined) return []
  const forms = body.anyOf ?? [body]
  const members = new Map(forms.flatMap(({ properties = {} }) => Object.entries(properties)))
  return [...members].map(([name, schema]) =>
    fieldOf(name, schema, forms.length === 1 && body.required?.includes(name) === true),
  )
}

/** A field of a query: its times are those of what has happened, and a query has no other truth values than words. */
function filterOf(field: Field): Field {
  const { kind, choices, ...rest } = field
  if (kind === 'time') return { ...field, kind: 'past' }
  return choices?.join() === 'true,false' ? { ...rest, kind: 'boolean' } : field
}

function fieldOf(name: string, schema: Schema, isRequired: boolean): Field {
  const form = withoutNull(schema)
  const isNullable = form !== schema
  const kind = kindOf(form)
  const choices = (kind === 'texts' ? form.items : form)?.enum
  return {
    name,
    kind,
    description: schema.description ?? form.description ?? '',
    ...(isRequired && { isRequired }),
    ...(isNullable && { isNullable }),
    ...(choices !== undefined && { choices: choices.filter((choice) => choice !== null).map(String) }),
  }
}

/** The only other form of a value that may be null; the schema itself if there is none. */
function withoutNull(schema: Schema): Schema {
  if (Array.isArray(schema.type) && schema.type.length === 2 && schema.type.includes('null')) {
    return { ...schema, type: schema.type.find((one) => one !== 'null') as string }
  }
  const forms = schema.anyOf?.filter(({ type }) => type !== 'null') ?? []
  const [form] = forms
  if (form === undefined || forms.length === schema.anyOf?.length) return schema
  return forms.length === 1 ? form : { anyOf: forms }
}

function kindOf(schema: Schema & { readonly format?: string }): FieldKind {
  const { type, items, additionalProperties } = schema
  if (type === 'string' || schema.enum?.every((value) => typeof value === 'string') === true)
    return schema.format === 'date-time' ? 'time' : 'text'
  if (schema.anyOf?.every((form) => kindOf(form) === 'text') === true) return 'text'
  if (type === 'integer' || type === 'number') return 'integer'
  if (type === 'boolean') return 'boolean'
  if (type === 'array' && items !== undefined && kindOf(items) === 'text') return 'texts'
  if (
    type === 'object' &&
    typeof additionalProperties === 'object' &&
    kindOf(additionalProperties) === 'text'
  )
    return 'map'
  return 'json'
}

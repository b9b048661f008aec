import type { ConvertedSchemas, Schema } from './converted-schemas.ts'
import { nullable } from './converted-schemas.ts'
import { itemsOf, membersOf, pointer, resolved, textOf, type Members } from './document.ts'
import type { OpenApiNote } from './note.ts'
import { isSaveableName } from './saveable.ts'

/** What a pipeline demands of the requests for an operation, as `trigger.request`. */
export interface OperationRules {
  readonly body?: Schema
  readonly query?: Schema
  readonly params?: Schema
  readonly contentTypes?: readonly string[]
}

/** Where an operation is in the document, and what translating it needs. */
export interface OperationPlace {
  readonly document: Members
  /** The path item that it belongs to. */
  readonly item: Members
  readonly operation: Members
  readonly method: string
  /** The JSON Pointer to the operation. */
  readonly place: string
  /** The names of the path's parameters in the pipeline by those in the document, if they differ. */
  readonly renamed: ReadonlyMap<string, string>
}

const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/(?:\*|[a-z0-9][a-z0-9!#$&^_.+-]{0,126})$/
const JSON_TYPE = /^application\/(?:[^/]+\+)?json$/
const CONTENT_TYPES_MAX = 50
/** The methods of which a pipeline holds a missing body against the schema, as null. */
const METHODS_WITH_BODY: ReadonlySet<string> = new Set(['post', 'put', 'patch'])
const SINGLE: ReadonlySet<unknown> = new Set(['string', 'integer', 'number', 'boolean'])

/** What requests for an operation must contain, as far as a pipeline can check it; empty for nothing. */
export function requestRulesOf(
  from: OperationPlace,
  schemas: ConvertedSchemas,
  notes: OpenApiNote[],
): OperationRules {
  return { ...bodyRules(from, schemas, notes), ...parameterRules(from, schemas, notes) }
}

function bodyRules(
  { document, operation, method, place }: OperationPlace,
  schemas: ConvertedSchemas,
  notes: OpenApiNote[],
): OperationRules {
  const body = resolved(document, operation['requestBody'])
  const content = Object.entries(membersOf(body?.['content'])).map(
    ([type, media]) => [type.split(';')[0]?.trim().toLowerCase() ?? '', membersOf(media)] as const,
  )
  const types = [...new Set(content.map(([type]) => type))]
  if (
    types.length === 0 ||
    types.length > CONTENT_TYPES_MAX ||
    !types.every((type) => MEDIA_TYPE.test(type))
  ) {
    return {}
  }
  const described = content.filter(([, media]) => media['schema'] !== undefined)
  const [first] = described
  if (first === undefined) return { contentTypes: types }
  const isOne = described.every(([, media]) => JSON.stringify(media) === JSON.stringify(first[1]))
  if (!types.every((type) => JSON_TYPE.test(type)) || !isOne) {
    if (types.some((type) => JSON_TYPE.test(type))) {
      const message = 'The body can have several types, so only its type is checked.'
      notes.push({ path: `${place}/requestBody`, message })
    }
    return { contentTypes: types }
  }
  const schema = schemas.schema(first[1]['schema'], `${place}/requestBody/content${pointer(first[0])}/schema`)
  if (isOpen(schema)) return { contentTypes: types }
  const isOptional = body?.['required'] !== true && METHODS_WITH_BODY.has(method)
  return { contentTypes: types, body: isOptional ? nullable(schema) : schema }
}

function parameterRules(
  from: OperationPlace,
  schemas: ConvertedSchemas,
  notes: OpenApiNote[],
): OperationRules {
  const { document, item, operation, place, renamed } = from
  const parameters = new Map<string, { readonly parameter: Members; readonly at: string }>()
  for (const [owner, at] of [
    [item, place.slice(0, place.lastIndexOf('/'))],
    [operation, place],
  ] as const) {
    for (const [index, written] of itemsOf(owner['parameters']).entries()) {
      const parameter = resolved(document, written) ?? {}
      // Those of the operation replace those of its path.
      const key = `${textOf(parameter['in'])} ${textOf(parameter['name'])}`
      parameters.set(key, { parameter, at: `${at}/parameters/${index}` })
    }
  }
  const query: Record<string, Schema> = {}
  const params: Record<string, Schema> = {}
  const required: string[] = []
  for (const { parameter, at } of parameters.values()) {
    const name = textOf(parameter['name'])
    const isQuery = parameter['in'] === 'query'
    if (name === undefined || (!isQuery && parameter['in'] !== 'path')) continue
    const own = isQuery ? name : (renamed.get(name) ?? name)
    if (!isSaveableName(own)) {
      notes.push({ path: at, message: 'A pipeline cannot have this name. The parameter is not checked.' })
      continue
    }
    if (isQuery && parameter['required'] === true) required.push(name)
    const schema = textSchema(parameter, schemas, at, notes)
    if (isOpen(schema) || JSON.stringify(schema) === '{"type":"string"}') {
      // Without a type, a parameter that is repeated is a list.
      if (isQuery && !isOpen(schema)) query[name] = schema
      continue
    }
    if (isQuery) query[name] = schema
    else params[own] = schema
  }
  return {
    ...(Object.keys(query).length + required.length > 0 && {
      query: {
        ...(Object.keys(query).length > 0 && { properties: query }),
        ...(required.length > 0 && { required }),
      },
    }),
    ...(Object.keys(params).length > 0 && { params: { properties: params } }),
  }
}

/** The schema of a parameter, whose value is a text, or a list of texts in the query. */
function textSchema(parameter: Members, schemas: ConvertedSchemas, at: string, notes: OpenApiNote[]): Schema {
  const isQuery = parameter['in'] === 'query'
  const out = (message: string): true => {
    notes.push({ path: at, message })
    return true
  }
  if (parameter['schema'] === undefined) {
    return parameter['content'] === undefined ? true : out('The content of this parameter is not checked.')
  }
  if (parameter['allowEmptyValue'] === true) return out('This parameter may be empty, so it is not checked.')
  const schema = schemas.schema(parameter['schema'], `${at}/schema`)
  if (isOpen(schema)) return schema
  const types = typesOf(schemas.followed(schema))
  if (types.includes('array')) {
    const style = parameter['style'] ?? 'form'
    const items = membersOf(schemas.followed(schema))['items'] as Schema | undefined
    const isForm = isQuery && style === 'form' && parameter['explode'] !== false
    const areTexts = items === undefined || isOpen(items) || isSingle(typesOf(schemas.followed(items)))
    return isForm && types.length === 1 && areTexts
      ? schema
      : out('A list in this form is not checked. Pipelines read `name=a&name=b`.')
  }
  return isSingle(types) ? schema : out('A value of this form is not checked in a parameter.')
}

/** Whether texts can be read as the types; without `null`, which no text is. */
function isSingle(types: readonly unknown[]): boolean {
  const values = types.filter((type) => type !== 'null')
  return values.length > 0 && values.every((type) => SINGLE.has(type))
}

function typesOf(schema: Schema): readonly unknown[] {
  const { type } = membersOf(schema)
  return type === undefined ? [] : [type].flat()
}

function isOpen(schema: Schema): boolean {
  return schema === true || (typeof schema !== 'boolean' && Object.keys(schema).length === 0)
}

/** A JSON Schema as our OpenAPI document uses it. */
export interface Schema {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | Schema
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}

/** Types that have a name, by the text of their schema. */
export type NamedTypes = ReadonlyMap<string, string>

/** The text of a schema without its own description, which can differ between places of the same type. */
export function schemaText(schema: Schema): string {
  return JSON.stringify({ ...schema, description: undefined })
}

/** The TypeScript type of a schema. @param named types to refer to by name */
export function schemaType(schema: Schema, named: NamedTypes): string {
  return named.get(schemaText(schema)) ?? definitionOf(schema, named)
}

/** The definition of a type, also of one that has a name. */
export function definitionOf(schema: Schema, named: NamedTypes): string {
  const { type, items, additionalProperties: more } = schema
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return [...new Set(choices.map((one) => schemaType(one, named)))].join(' | ')
  if (schema.allOf !== undefined) {
    const { allOf, ...own } = schema
    // Parts that only restrict values have no type.
    const parts = [own, ...allOf].map((one) => schemaType(one, named)).filter((part) => part !== 'unknown')
    return parts.length === 0 ? 'unknown' : [...new Set(parts)].join(' & ')
  }
  if (Array.isArray(type)) {
    return type.map((one: string) => definitionOf({ ...schema, type: one }, named)).join(' | ')
  }
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  switch (type) {
    case 'string':
    case 'boolean':
    case 'null':
      return type
    case 'integer':
    case 'number':
      return 'number'
    case 'array':
      return `readonly (${items === undefined ? 'unknown' : schemaType(items, named)})[]`
    case 'object':
      if (schema.properties === undefined || Object.keys(schema.properties).length === 0) {
        return `Readonly<Record<string, ${typeof more === 'object' ? schemaType(more, named) : 'unknown'}>>`
      }
      return objectType(membersOf(schema, named))
    default:
      return 'unknown'
  }
}

/** A member of an object type. */
export interface Member {
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
  readonly description?: string | undefined
}

export function membersOf({ properties = {}, required = [] }: Schema, named: NamedTypes): readonly Member[] {
  return Object.entries(properties).map(([name, property]) => ({
    name,
    type: schemaType(property, named),
    isRequired: required.includes(name),
    description: property.description,
  }))
}

export function objectType(members: readonly Member[]): string {
  const lines = members.map(({ name, type, isRequired, description }) => {
    const key = /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name)
    return `${comment(description)}readonly ${key}${isRequired ? ': ' : '?: '}${type}${isRequired || type === 'unknown' ? '' : ' | undefined'}\n`
  })
  return `{\n${lines.join('')}}`
}

/** A documentation comment with a line break behind it; empty without a text. */
export function comment(text: string | undefined): string {
  if (text === undefined || text === '') return ''
  const safe = text.replaceAll('*/', '*\\/')
  return safe.includes('\n') ? `/**\n${safe.replaceAll(/^/gm, ' * ')}\n */\n` : `/** ${safe} */\n`
}

import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import { isMembers, type Members, typesOf } from '../schema/walk.ts'

/** How a field is filled in. `text-only` is a field that only the text can show. */
export type FieldKind =
  | 'switch'
  | 'choice'
  | 'choices'
  | 'number'
  | 'text'
  | 'texts'
  /** An object with named fields. */
  | 'group'
  /** A list of such objects. */
  | 'rows'
  /** An object with free names, as headers have. */
  | 'names'
  | 'text-only'

/** The same schema without the choice of null, which stands for a missing value. */
export function withoutNull(schema: JsonSchema): JsonSchema {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices === undefined) return schema
  const kept = choices.filter((choice) => choice.type !== 'null')
  const { anyOf: _any, oneOf: _one, ...about } = schema
  const [only, ...more] = kept
  return only !== undefined && more.length === 0 ? { ...only, ...about } : { ...about, anyOf: kept }
}

/** The kind by the schema, whatever the value is. */
function kindOf(schema: JsonSchema): FieldKind {
  const { enum: known, items, properties, additionalProperties } = schema
  const types = typesOf(schema)
  if (types.length !== 1) return 'text-only'
  switch (types[0]) {
    case 'boolean':
      return 'switch'
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
      return known === undefined ? 'text' : 'choice'
    case 'array':
      return items === undefined ? 'text-only' : listKindOf(items)
    case 'object':
      if (properties !== undefined) return 'group'
      return typeof additionalProperties === 'object' && takesText(additionalProperties)
        ? 'names'
        : 'text-only'
    default:
      return 'text-only'
  }
}

function listKindOf(items: JsonSchema): FieldKind {
  const types = typesOf(items)
  if (types.includes('string')) return items.enum === undefined ? 'texts' : 'choices'
  return types.join('') === 'object' && items.properties !== undefined ? 'rows' : 'text-only'
}

function takesText(schema: JsonSchema): boolean {
  return typesOf(schema).includes('string')
}

/** Whether a field of this kind can show a value without losing a part of it. */
function fits(kind: FieldKind, value: unknown, schema: JsonSchema): boolean {
  switch (kind) {
    case 'switch':
      return typeof value === 'boolean'
    case 'number':
      return typeof value === 'number'
    case 'text':
      return typeof value === 'string'
    case 'choice':
      return schema.enum?.includes(value) === true
    case 'texts':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
    case 'choices':
      return Array.isArray(value) && value.every((item) => schema.items?.enum?.includes(item) === true)
    case 'rows':
      return Array.isArray(value) && value.every(isMembers)
    case 'group':
    case 'names':
      return isMembers(value)
    case 'text-only':
      return true
  }
}

/** How the field of a schema is filled in. One whose value does not fit is left to the text. */
export function fieldKind(schema: JsonSchema, value: unknown): FieldKind {
  const plain = withoutNull(schema)
  const kind = kindOf(plain)
  return value === undefined || value === null || fits(kind, value, plain) ? kind : 'text-only'
}

/**
 * The value that an object begins with when it is switched on: what it must have, empty, so that each missing one is told at its field.
 *
 * @param now an RFC 3339 timestamp, for points in time
 */
export function firstValue(schema: JsonSchema, now: string): Members {
  const { properties = {}, required = [] } = withoutNull(schema)
  return Object.fromEntries(
    required.map((name) => [name, emptyValue(withoutNull(properties[name] ?? {}), now)]),
  )
}

function emptyValue(schema: JsonSchema, now: string): unknown {
  const [known] = schema.enum ?? []
  if (known !== undefined) return known
  switch (kindOf(schema)) {
    case 'texts':
    case 'choices':
    case 'rows':
      return []
    case 'number':
      return schema.minimum ?? 0
    case 'switch':
      return false
    case 'group':
      return firstValue(schema, now)
    case 'names':
      return {}
    default:
      return schema.format === 'date-time' ? now : ''
  }
}

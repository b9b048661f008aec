import type { JsonSchema } from '@sallyport/sdk/spec-schema'
import { isMembers, isOfType, type Members, typesOf } from '../schema/walk.ts'

/** How a field is filled in. */
export type FieldKind =
  | 'switch'
  | 'choice'
  | 'choices'
  | 'number'
  | 'numbers'
  | 'text'
  | 'texts'
  /** An object with named fields. */
  | 'group'
  /** A list of values with fields of their own. */
  | 'rows'
  /** An object with free names, as headers have. */
  | 'names'
  /** One of several forms, such as a number or an expression. */
  | 'variants'
  /** Any value, such as a JSON Schema, or one that does not fit its field. */
  | 'json'

/** The kinds that have fields of their own, which stand below a title. */
const PARTS: readonly FieldKind[] = ['group', 'rows', 'names']

/** Whether the field of a schema has fields of its own. */
export function isPart(schema: JsonSchema): boolean {
  return PARTS.includes(fieldKind(schema, undefined))
}

/** The same schema without the choice of null, which stands for a missing value. */
export function withoutNull(schema: JsonSchema): JsonSchema {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices === undefined) return schema
  const kept = choices.filter((choice) => choice.type !== 'null')
  const { anyOf: _any, oneOf: _one, ...about } = schema
  const [only, ...more] = kept
  return only !== undefined && more.length === 0 ? { ...only, ...about } : { ...about, anyOf: kept }
}

/** The choices of a schema, without null; the schema itself if it has none. */
export function variantsOf(schema: JsonSchema): readonly JsonSchema[] {
  const { anyOf, oneOf, ...plain } = withoutNull(schema)
  return anyOf ?? oneOf ?? [plain]
}

/** Which of several forms a value has; undefined for none, as of a missing one. */
export function variantOf(variants: readonly JsonSchema[], value: unknown): JsonSchema | undefined {
  return variants.find((variant) => typesOf(variant).some((type) => isOfType(value, type)))
}

/** The kind by the schema, whatever the value is. */
function kindOf(schema: JsonSchema): FieldKind {
  const { enum: known, items } = schema
  const types = typesOf(schema)
  const variants = variantsOf(schema)
  if (types.length === 0 || variants.some(isAnyObject)) return 'json'
  if (types.length > 1) return 'variants'
  switch (types[0]) {
    case 'boolean':
      return 'switch'
    case 'integer':
    case 'number':
      return 'number'
    case 'string':
      return known === undefined ? 'text' : 'choice'
    case 'array':
      return items === undefined ? 'json' : listKindOf(items)
    case 'object':
      return variants.length > 1 ? 'json' : schema.properties === undefined ? 'names' : 'group'
    default:
      return 'json'
  }
}

/** Whether a schema allows any object, as that of a JSON Schema does. */
function isAnyObject({ type, properties, additionalProperties = true }: JsonSchema): boolean {
  if (type !== 'object' || properties !== undefined) return false
  return typeof additionalProperties === 'boolean' || Object.keys(additionalProperties).length === 0
}

function listKindOf(items: JsonSchema): FieldKind {
  switch (kindOf(withoutNull(items))) {
    case 'text':
      return 'texts'
    case 'choice':
      return 'choices'
    case 'number':
      return 'numbers'
    default:
      return 'rows'
  }
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
    case 'numbers':
      return (
        Array.isArray(value) && value.every((item) => typeof item === 'number' || typeof item === 'string')
      )
    case 'rows':
      return Array.isArray(value)
    case 'group':
    case 'names':
      return isMembers(value)
    case 'variants':
      return variantOf(variantsOf(schema), value) !== undefined
    case 'json':
      return true
  }
}

/** How the field of a schema is filled in. A value that does not fit its field is shown as JSON. */
export function fieldKind(schema: JsonSchema, value: unknown): FieldKind {
  const plain = withoutNull(schema)
  const kind = kindOf(plain)
  return value === undefined || value === null || fits(kind, value, plain) ? kind : 'json'
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

/** What a value is before anything is filled in, so that each missing part is told at its field. */
export function emptyValue(schema: JsonSchema, now: string): unknown {
  const [known] = schema.enum ?? []
  if (known !== undefined) return known
  switch (kindOf(schema)) {
    case 'texts':
    case 'choices':
    case 'numbers':
    case 'rows':
      return []
    case 'number':
      return schema.minimum ?? 0
    case 'switch':
      return false
    case 'group':
      return firstValue(schema, now)
    case 'names':
    case 'json':
      return {}
    case 'variants':
      return emptyValue(variantsOf(schema)[0] ?? {}, now)
    default:
      return schema.format === 'date-time' ? now : ''
  }
}

/** A value in another form. A text that it has stays, such as the path of a route. */
export function asVariant(variant: JsonSchema, value: unknown, now: string): unknown {
  const [text] = typeof value === 'string' ? [value] : isMembers(value) ? textsIn(value) : []
  const empty = emptyValue(variant, now)
  if (text === undefined) return empty
  if (!isMembers(empty)) return empty === '' ? text : empty
  const name = Object.keys(empty).find((each) => empty[each] === '')
  return name === undefined ? empty : { ...empty, [name]: text }
}

function textsIn(value: Members): readonly string[] {
  return Object.values(value).filter((each) => typeof each === 'string')
}

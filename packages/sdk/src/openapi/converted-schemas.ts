import { itemsOf, membersOf, pointer, textOf, unescaped, type Members } from './document.ts'
import type { OpenApiNote } from './note.ts'
import { isSafePattern } from './safe-pattern.ts'
import { isSaveable, isSaveableName, isSaveableText } from './saveable.ts'

/** A schema of JSON Schema 2020-12. */
export type Schema = boolean | Members

/** What a pipeline's schema may have, with room: subschemas, regular expressions and characters. */
const SUBSCHEMAS_MAX = 1900
const PATTERNS_MAX = 100
const CHARS_MAX = 60_000
const NESTED_MAX = 60
/** What one value may be held against, with room. */
const BESIDE_MAX = 900
const LEVELS_MAX = 45

const COMPONENT = '#/components/schemas/'
const TYPES: ReadonlySet<unknown> = new Set([
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'null',
])
const FORMATS: ReadonlySet<unknown> = new Set([
  'date',
  'time',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uuid',
])
const NUMBERS: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
])
const COUNTS: ReadonlySet<string> = new Set([
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
])
const LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf'])
/** Keywords that this does not translate; leaving one out lets more through. */
const UNTRANSLATED: ReadonlySet<string> = new Set([
  'not',
  'if',
  'then',
  'else',
  'contains',
  'prefixItems',
  'patternProperties',
  'propertyNames',
  'dependentRequired',
  'dependentSchemas',
  'unevaluatedItems',
  'unevaluatedProperties',
  '$dynamicRef',
  '$recursiveRef',
])

const SHARED_MAX = 1000
/** How many components are followed within each other. */
const WITHIN_MAX = 200
const UNSAVEABLE_NAME = 'A pipeline cannot have this name. The property is not checked.'
const TOO_MANY = 'This schema refers to too many others, or to itself, for a pipeline. It is not checked.'

interface Extent {
  readonly schemas: number
  readonly levels: number
}

const ENDLESS: Extent = { schemas: BESIDE_MAX + 1, levels: 1 }

function isWithin({ schemas, levels }: Extent): boolean {
  return schemas <= BESIDE_MAX && levels <= LEVELS_MAX
}

/**
 * Translates schemas of OpenAPI 3.0 and 3.1 into those of a pipeline. What a pipeline cannot check is left out with a note, so
 * that a result admits all that the document admits.
 */
export class ConvertedSchemas {
  /** By the name that a pipeline uses. */
  readonly shared = new Map<string, Schema>()
  readonly #components: Members
  readonly #isOld: boolean
  readonly #notes: OpenApiNote[]
  /** The names of components in the document by those of the pipeline. */
  readonly #names = new Map<string, string>()
  readonly #extents = new Map<string, Extent | 'open'>()
  #subschemas = 0
  #patterns = 0
  #within = 0

  constructor(document: Members, notes: OpenApiNote[]) {
    this.#components = membersOf(membersOf(document['components'])['schemas'])
    this.#isOld = textOf(document['openapi'])?.startsWith('3.0') === true
    this.#notes = notes
  }

  /** @param place the JSON Pointer to it; `true` for a schema of which nothing can be checked */
  schema(written: unknown, place: string): Schema {
    this.#subschemas = 0
    this.#patterns = 0
    const schema = this.#converted(written, place, 0)
    if (this.#subschemas > SUBSCHEMAS_MAX || JSON.stringify(schema).length > CHARS_MAX) {
      return this.#without(place, 'This schema is too large for a pipeline. It is not checked.')
    }
    if (!isSaveable(schema)) {
      return this.#without(place, 'This schema has too many levels for a pipeline. It is not checked.')
    }
    return schema
  }

  /** Leaves out shared schemas that lead back to themselves, or to too many others. Call it when all are converted. */
  finish(): void {
    for (const [name, schema] of this.shared) {
      this.#extents.clear()
      if (this.fits(schema) && isWithin(this.#extentOfShared(name, 0))) continue
      this.shared.set(name, this.#without(pointer('components', 'schemas', name), TOO_MANY))
    }
    this.#extents.clear()
  }

  /** Whether a schema holds one value against no more schemas than a pipeline can. Call it after `finish`. */
  fits(schema: Schema): boolean {
    return isWithin(this.#extentOf(schema, 0))
  }

  /** The schema itself, or the shared one that it refers to. */
  followed(schema: Schema): Schema {
    let at = schema
    for (let count = 0; count < 10; count += 1) {
      const reference = textOf(membersOf(at)['$ref'])
      if (reference === undefined) return at
      at = this.shared.get(reference.slice('#/$defs/'.length)) ?? true
    }
    return true
  }

  #converted(written: unknown, place: string, depth: number): Schema {
    this.#subschemas += 1
    if (this.#subschemas > SUBSCHEMAS_MAX || depth > NESTED_MAX) return true
    if (typeof written === 'boolean') return written
    const schema = membersOf(written)
    const reference = textOf(schema['$ref'])
    if (reference !== undefined) {
      const target = this.#reference(reference, `${place}/$ref`)
      if (this.#isOld) return target
      const { $ref: _, ...beside } = schema
      const others = this.#converted(beside, place, depth + 1)
      if (others === true || Object.keys(membersOf(others)).length === 0) return target
      if (target === true) return others
      return { allOf: [target, others] }
    }
    const result: Record<string, unknown> = {}
    for (const [name, value] of Object.entries(schema)) {
      const converted = this.#keyword(name, value, schema, `${place}${pointer(name)}`, depth)
      if (converted !== undefined) result[name] = converted
    }
    if (this.#isOld) oldBounds(schema, result)
    oneAsAny(result)
    return schema['nullable'] === true ? nullable(result) : unwrapped(result)
  }

  #keyword(name: string, value: unknown, schema: Members, place: string, depth: number): unknown {
    const converted = (subschema: unknown, ...parts: (string | number)[]): Schema =>
      this.#converted(subschema, place + pointer(...parts), depth + 1)
    if (NUMBERS.has(name)) {
      const isUsable = Number.isFinite(value) && (name !== 'multipleOf' || Number(value) > 0)
      return isUsable ? value : undefined
    }
    if (COUNTS.has(name)) return Number.isSafeInteger(value) && Number(value) >= 0 ? value : undefined
    if (LISTS.has(name)) {
      const all = itemsOf(value).map((subschema, index) => converted(subschema, index))
      return all.length === 0 ? undefined : all
    }
    switch (name) {
      case 'type': {
        const types = [value].flat()
        return types.length > 0 &&
          types.every((type) => TYPES.has(type)) &&
          new Set(types).size === types.length
          ? value
          : undefined
      }
      case 'enum':
        return Array.isArray(value) && value.length > 0 ? this.#constant(name, value, place) : undefined
      case 'const':
        return this.#constant(name, value, place)
      case 'uniqueItems':
        return value === true ? value : undefined
      case 'format':
        return FORMATS.has(value) ? value : undefined
      case 'pattern':
        return this.#pattern(value, place)
      case 'required': {
        const properties = membersOf(schema['properties'])
        const names = itemsOf(value).filter(
          (item) => typeof item === 'string' && isSaveableText(item) && !this.#isReadOnly(properties[item]),
        )
        return names.length === 0 ? undefined : [...new Set(names)]
      }
      case 'properties': {
        const properties: [string, Schema][] = []
        for (const [property, subschema] of Object.entries(membersOf(value))) {
          if (isSaveableName(property)) properties.push([property, converted(subschema, property)])
          else this.#note(place + pointer(property), UNSAVEABLE_NAME)
        }
        return Object.fromEntries(properties)
      }
      case 'items':
        if (Array.isArray(value)) return undefined
        return schema['prefixItems'] === undefined ? converted(value) : this.#leaveOut(name, place)
      case 'additionalProperties':
        return hasOtherProperties(schema) ? this.#leaveOut(name, place) : converted(value)
      default:
        return UNTRANSLATED.has(name) ? this.#leaveOut(name, place) : undefined
    }
  }

  #leaveOut(keyword: string, place: string): undefined {
    this.#note(place, `The keyword "${keyword}" is left out.`)
  }

  #constant(keyword: string, value: unknown, place: string): unknown {
    return isSaveable(value) ? value : this.#leaveOut(keyword, place)
  }

  #pattern(value: unknown, place: string): string | undefined {
    if (typeof value !== 'string') return undefined
    this.#patterns += 1
    if (this.#patterns <= PATTERNS_MAX && isSaveableText(value) && isSafePattern(value)) return value
    this.#note(place, 'This regular expression is left out: pipelines have those of RE2, of limited size.')
    return undefined
  }

  #isReadOnly(property: unknown): boolean {
    const own = membersOf(property)
    const target = membersOf(this.#component(textOf(own['$ref']) ?? '')?.value)
    return own['readOnly'] === true || target['readOnly'] === true
  }

  #reference(reference: string, place: string): Schema {
    const component = this.#component(reference)
    if (component === undefined) {
      return this.#without(
        place,
        'Only references to components/schemas, and to parts of those, are followed. This is not checked.',
      )
    }
    const name = component.path.join('/')
    const known = this.#names.get(name)
    if (known !== undefined) return { $ref: `#/$defs/${known}` }
    if (this.shared.size >= SHARED_MAX || this.#within > WITHIN_MAX) return this.#without(place, TOO_MANY)
    const own = newName(name, this.shared)
    this.#names.set(name, own)
    // Registered first: it may refer to itself.
    this.shared.set(own, true)
    const subschemas = this.#subschemas
    const patterns = this.#patterns
    this.#within += 1
    this.shared.set(own, this.schema(component.value, pointer('components', 'schemas', ...component.path)))
    this.#within -= 1
    this.#subschemas = subschemas
    this.#patterns = patterns
    return { $ref: `#/$defs/${own}` }
  }

  /** The component, or the part of one, that a reference names; undefined if it names none. */
  #component(reference: string): { readonly path: readonly string[]; readonly value: unknown } | undefined {
    if (!reference.startsWith(COMPONENT)) return undefined
    const path = reference.slice(COMPONENT.length).split('/').map(unescaped)
    let value: unknown = this.#components
    for (const name of path) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
      value = (value as Members)[name]
    }
    return { path, value }
  }

  /** How many schemas one value is held against, and how many of them are within each other. */
  #extentOf(schema: Schema, depth: number): Extent {
    if (depth > 2 * LEVELS_MAX) return ENDLESS
    const members = membersOf(schema)
    let schemas = 1
    let levels = 1
    const add = (extent: Extent): void => {
      schemas += extent.schemas
      levels = Math.max(levels, extent.levels + 1)
    }
    const reference = textOf(members['$ref'])
    if (reference !== undefined) add(this.#extentOfShared(reference.slice('#/$defs/'.length), depth + 1))
    for (const name of LISTS) {
      for (const subschema of itemsOf(members[name])) add(this.#extentOf(subschema as Schema, depth + 1))
    }
    return { schemas, levels }
  }

  #extentOfShared(name: string, depth: number): Extent {
    const known = this.#extents.get(name)
    // It leads back to itself.
    if (known === 'open') return ENDLESS
    if (known !== undefined) return known
    this.#extents.set(name, 'open')
    const extent = this.#extentOf(this.shared.get(name) ?? true, depth)
    this.#extents.set(name, extent)
    return extent
  }

  #without(place: string, message: string): true {
    this.#note(place, message)
    return true
  }

  #note(path: string, message: string): void {
    this.#notes.push({ path, message })
  }
}

/** Whether a schema names properties that its translation does not, so that those must not count as additional ones. */
function hasOtherProperties({ properties, patternProperties }: Members): boolean {
  return patternProperties !== undefined || !Object.keys(membersOf(properties)).every(isSaveableName)
}

/** In OpenAPI 3.0, `exclusiveMinimum: true` says that `minimum` itself is too small. */
function oldBounds(schema: Members, result: Record<string, unknown>): void {
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    if (schema[exclusive] !== true || result[bound] === undefined) continue
    result[exclusive] = result[bound]
    delete result[bound]
  }
}

/** Parts of the schemas may be left out, so that more than one of them can match. */
function oneAsAny(result: Record<string, unknown>): void {
  const { oneOf, anyOf, allOf } = result
  if (oneOf === undefined) return
  delete result['oneOf']
  if (anyOf === undefined) result['anyOf'] = oneOf
  else result['allOf'] = [...itemsOf(allOf), { anyOf: oneOf }]
}

/** The schema, or null. */
export function nullable(schema: Schema): Schema {
  if (typeof schema === 'boolean') return schema
  const { type } = schema
  const isPlain =
    typeof type === 'string' && ['$ref', 'enum', 'const', ...LISTS].every((name) => !(name in schema))
  if (isPlain) return type === 'null' ? schema : { ...schema, type: [type, 'null'] }
  return Object.keys(schema).length === 0 ? true : { anyOf: [schema, { type: 'null' }] }
}

function unwrapped(schema: Members): Schema {
  const [only, ...others] = itemsOf(schema['allOf'])
  const isOnly = Object.keys(schema).length === 1 && only !== undefined && others.length === 0
  return isOnly ? (only as Schema) : schema
}

/** A name that a schema of a pipeline can have, and that no other one has. */
function newName(name: string, taken: ReadonlyMap<string, unknown>): string {
  const safe = name.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 120) || '_'
  if (!taken.has(safe) && isSaveableName(safe)) return safe
  for (let number = 2; ; number += 1) {
    if (!taken.has(`${safe}_${number}`)) return `${safe}_${number}`
  }
}

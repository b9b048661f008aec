import { NUMBER_CHARS_MAX, numberOf } from './decimals.ts'
import { isObject } from './values.ts'

/** The types that a schema states for a value that arrives as text, and for its items if it is a list. */
interface StatedTypes {
  readonly types: ReadonlySet<unknown>
  readonly itemTypes: ReadonlySet<unknown>
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/
const ANY: StatedTypes = { types: new Set(), itemTypes: new Set() }
/** How many references in a row are followed for a type. */
const REFERENCES_MAX = 10

/** Reads the values of a query or of path parameters, which are all texts, by the types that a schema states. */
export class TypedStrings {
  readonly #named = new Map<string, StatedTypes>()
  readonly #others: StatedTypes

  /** @param schema as written; it describes an object of the values */
  constructor(schema: unknown) {
    const properties = isObject(schema) ? schema['properties'] : undefined
    if (isObject(properties)) {
      for (const [name, property] of Object.entries(properties))
        this.#named.set(name, statedTypes(property, schema))
    }
    this.#others = isObject(schema) ? statedTypes(schema['additionalProperties'], schema) : ANY
  }

  /**
   * The value of a name. A list of texts is a list; a single text is one too where the schema states an array. A text becomes
   * a number or a boolean where the schema states one and no string; if it is none, it stays a text, which the schema then
   * refuses.
   */
  valueOf(name: string, text: string | readonly string[]): unknown {
    const { types, itemTypes } = this.#named.get(name) ?? this.#others
    if (types.has('array')) return [text].flat().map((item) => typed(item, itemTypes))
    return typeof text === 'string' ? typed(text, types) : text
  }
}

function typed(text: string, types: ReadonlySet<unknown>): unknown {
  if (types.has('string')) return text
  if (types.has('integer') || types.has('number')) {
    if (text.length <= NUMBER_CHARS_MAX && NUMBER.test(text)) return numberOf(text)
  }
  if (types.has('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

function statedTypes(schema: unknown, root: unknown): StatedTypes {
  const stated = followed(schema, root)
  if (!isObject(stated)) return ANY
  const items = followed(stated['items'], root)
  return { types: typesOf(stated), itemTypes: isObject(items) ? typesOf(items) : ANY.types }
}

function typesOf({ type }: Readonly<Record<string, unknown>>): ReadonlySet<unknown> {
  return new Set(Array.isArray(type) ? (type as readonly unknown[]) : [type])
}

/** The schema itself, or the one in `$defs` that it refers to. */
function followed(schema: unknown, root: unknown): unknown {
  let at = schema
  for (let count = 0; count < REFERENCES_MAX && isObject(at); count += 1) {
    const reference: unknown = at['$ref']
    if (typeof reference !== 'string' || !reference.startsWith('#/$defs/')) return at
    const definitions = isObject(root) ? root['$defs'] : undefined
    const name = reference.slice('#/$defs/'.length)
    at = isObject(definitions) && Object.hasOwn(definitions, name) ? definitions[name] : undefined
  }
  return at
}

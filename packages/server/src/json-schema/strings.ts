import { NUMBER_CHARS_MAX, numberOf } from './decimals.ts'
import { pointerOf, valueAt } from './pointers.ts'
import { isObject } from './values.ts'

/** The types that a schema states for a value that arrives as text, and for its items if it is a list. */
interface StatedTypes {
  readonly types: ReadonlySet<unknown>
  readonly itemTypes: ReadonlySet<unknown>
}

type Definitions = Readonly<Record<string, unknown>>

const DEFINITIONS = '#/$defs/'
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/
const ANY: StatedTypes = { types: new Set(), itemTypes: new Set() }
/** How many references in a row are followed for a type. */
const REFERENCES_MAX = 10

/** Reads the values of a query or of path parameters, which are all texts, by the types that a schema states. */
export class TypedStrings {
  readonly #named = new Map<string, StatedTypes>()
  readonly #others: StatedTypes

  /**
   * @param schema as written; it describes an object of the values
   * @param shared what it may refer to as `#/$defs/NAME`, by name
   */
  constructor(schema: unknown, shared: Readonly<Record<string, unknown>> = {}) {
    const { schema: described, own } = followed(scoped(schema), shared)
    if (!isObject(described)) {
      this.#others = ANY
      return
    }
    const { properties, additionalProperties } = described
    for (const [name, property] of Object.entries(isObject(properties) ? properties : {})) {
      this.#named.set(name, statedTypes({ schema: property, own }, shared))
    }
    this.#others = statedTypes({ schema: additionalProperties, own }, shared)
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

/** A schema, and the definitions that its references mean first. */
interface Scoped {
  readonly schema: unknown
  readonly own: Definitions
}

function scoped(schema: unknown): Scoped {
  const definitions = isObject(schema) ? schema['$defs'] : undefined
  return { schema, own: isObject(definitions) ? definitions : {} }
}

function statedTypes(property: Scoped, shared: Definitions): StatedTypes {
  const { schema: stated, own } = followed(property, shared)
  if (!isObject(stated)) return ANY
  const { schema: items } = followed({ schema: stated['items'], own }, shared)
  return { types: typesOf(stated), itemTypes: isObject(items) ? typesOf(items) : ANY.types }
}

function typesOf({ type }: Readonly<Record<string, unknown>>): ReadonlySet<unknown> {
  return new Set(Array.isArray(type) ? (type as readonly unknown[]) : [type])
}

/** The schema itself, or the definition that it refers to. */
function followed(from: Scoped, shared: Definitions): Scoped {
  let at = from
  for (let count = 0; count < REFERENCES_MAX && isObject(at.schema); count += 1) {
    const reference: unknown = at.schema['$ref']
    if (typeof reference !== 'string' || !reference.startsWith(DEFINITIONS)) return at
    const pointer = pointerOf(reference) ?? ''
    const root = pointer.split('/', 3).join('/')
    const own = { $defs: at.own }
    if (valueAt(own, root) !== undefined) at = { schema: valueAt(own, pointer)?.value, own: at.own }
    else {
      const others = { $defs: shared }
      at = { schema: valueAt(others, pointer)?.value, own: scoped(valueAt(others, root)?.value).own }
    }
  }
  return at
}

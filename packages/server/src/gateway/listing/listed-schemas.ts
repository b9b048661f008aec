import { jsonPointer, type DeploymentRecord, type JsonSchema } from '@sallyport/core'

/** The most characters of schemas in one document. Routes beyond are listed without. */
const SCHEMA_CHARS_MAX = 4 * 1024 * 1024
/** The most parameters and types of content that all routes of one document mention. */
const MENTIONS_MAX = 50_000

const COMPONENTS = '#/components/schemas/'
const DEFINITION = /^#\/\$defs\/([^/]+)(.*)$/s

/** Keywords whose value is a schema, a list of schemas, or schemas by name (JSON Schema Core section 10 and 11). */
const ONE: ReadonlySet<string> = new Set([
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
])
const LISTS: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
const NAMED: ReadonlySet<string> = new Set(['$defs', 'dependentSchemas', 'patternProperties', 'properties'])
/** Comments are for those who maintain a schema (JSON Schema Core section 8.3), and the others name a document of its own. */
const LEFT_OUT: ReadonlySet<string> = new Set(['$comment', '$id', '$schema'])
/** They name parts of a document, which is another one here. */
const ANCHORS = /"\$(?:anchor|dynamicAnchor|dynamicRef)"/

type Members = Readonly<Record<string, unknown>>

/**
 * The schemas of deployments as components of one OpenAPI document. Each is there once. References within a schema, and to the
 * shared ones of its trigger, become references to components. The work and the text are bounded.
 */
export class ListedSchemas {
  /** By the name of the component. */
  readonly components = new Map<string, unknown>()
  /** The component of each schema; null for one that is not listed. */
  readonly #names = new Map<JsonSchema, string | null>()
  readonly #counts = new Map<string, number>()
  #chars = 0
  #mentions = 0

  /** How many characters of schemas were read. */
  get chars(): number {
    return this.#chars
  }

  /** Counts parameters or types of content that a route mentions. @returns false if there is no room for them */
  mention(count: number): boolean {
    if (this.#mentions + count > MENTIONS_MAX) return false
    this.#mentions += count
    return true
  }

  /** A schema of a deployment, by its component; undefined if it is not listed. */
  reference({ pipeline, version, spec }: DeploymentRecord, schema: JsonSchema): JsonSchema | undefined {
    if (typeof schema === 'boolean') return schema
    let name = this.#names.get(schema)
    if (name === undefined) {
      const prefix = `${pipeline}-${version}`
      const count = (this.#counts.get(prefix) ?? 0) + 1
      this.#counts.set(prefix, count)
      name = `${prefix}.request.${count}`
      const found = this.#withShared(prefix, name, schema, spec.trigger.schemas ?? {})
      if (found === null) name = null
      else for (const [component, relocatedSchema] of found) this.components.set(component, relocatedSchema)
      this.#names.set(schema, name)
    }
    return name === null ? undefined : { $ref: COMPONENTS + name }
  }

  /** A schema and all that it refers to, as components; null if not all of them can be listed. */
  #withShared(
    prefix: string,
    root: string,
    schema: JsonSchema,
    shared: Readonly<Record<string, JsonSchema>>,
  ): ReadonlyMap<string, unknown> | null {
    const found = new Map<string, unknown>()
    const waiting: [name: string, schema: JsonSchema | undefined][] = [[root, schema]]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [name, written] = next
      if (found.has(name) || this.components.has(name)) continue
      const text = JSON.stringify(written) ?? ''
      this.#chars += text.length
      if (written === undefined || this.#chars > SCHEMA_CHARS_MAX || ANCHORS.test(text)) return null
      const own = typeof written === 'boolean' ? undefined : (written['$defs'] as Members | undefined)
      const move = (reference: string): string => {
        const [, definition = '', below = ''] = DEFINITION.exec(reference) ?? []
        if (definition === '' || (own !== undefined && Object.hasOwn(own, definition))) {
          return COMPONENTS + name + reference.slice(1)
        }
        const target = sharedName(prefix, definition)
        waiting.push([target, Object.hasOwn(shared, definition) ? shared[definition] : undefined])
        return COMPONENTS + target + below
      }
      found.set(name, relocated(written, move))
    }
    return found
  }
}

function sharedName(prefix: string, name: string): string {
  return `${prefix}.schemas.${name}`
}

/** A copy of a schema with other references, and without what is not for callers. */
function relocated(schema: unknown, move: (reference: string) => string): unknown {
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]: [string, unknown]): [string, unknown][] => {
      if (LEFT_OUT.has(keyword)) return []
      if (keyword === '$ref' && typeof value === 'string') return [[keyword, move(value)]]
      if (ONE.has(keyword)) return [[keyword, relocated(value, move)]]
      if (LISTS.has(keyword) && Array.isArray(value)) {
        return [[keyword, value.map((each) => relocated(each, move))]]
      }
      if (NAMED.has(keyword) && typeof value === 'object' && value !== null) {
        const named = Object.entries(value).map(([name, each]) => [name, relocated(each, move)])
        return [[keyword, Object.fromEntries(named)]]
      }
      return [[keyword, value]]
    }),
  )
}

/** The schema of a property of another one that is listed. */
export function propertyReference({ $ref }: { readonly $ref: string }, property: string): JsonSchema {
  return { $ref: `${$ref}${encodeURI(jsonPointer('properties', property))}` }
}

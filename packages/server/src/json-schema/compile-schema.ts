import { jsonPointer } from '@sallyport/core'
import type { Compiler, Pattern, SchemaFault, SchemaObject, SchemaPath } from './compiler.ts'
import { KEYWORDS } from './keywords.ts'
import { compilePattern } from './patterns.ts'
import { pointerOf, valueAt } from './pointers.ts'
import { SchemaNode } from './schema-node.ts'
import { sameValueFault, type Extent } from './same-value.ts'
import { isObject } from './values.ts'

/** The most subschemas of a schema, and its most regular expressions. */
const SCHEMAS_MAX = 2000
const PATTERNS_MAX = 100
/** The most faults that are reported: a schema of nothing but faults must not cause an answer of megabytes. */
const FAULTS_MAX = 100

/** The one dialect (JSON Schema Core section 8.1.1). */
const DIALECT = 'https://json-schema.org/draft/2020-12/schema'

export type CompiledSchema = { readonly schema: SchemaNode } | { readonly faults: readonly SchemaFault[] }

/**
 * Compiles a schema of JSON Schema 2020-12 into functions that are chosen here: no text of the schema becomes code. What it takes to
 * compile and to hold it is bounded, and so is what it costs to hold one value against it once.
 *
 * @param written JSON
 * @param shared what references to `$defs` that the schema lacks refer to
 */
export function compileSchema(written: unknown, shared = NO_SHARED_SCHEMAS): CompiledSchema {
  const compilation = new Compilation(written, [], (name, below) => shared.schema(name, below))
  const root = compilation.start()
  compilation.finish()
  if (compilation.faults.length > 0 || root === undefined) return { faults: compilation.faults }
  const fault = sameValueFault(compilation.nodes, shared.extents, new Map())
  return fault === null ? { schema: root } : { faults: [fault] }
}

/**
 * Schemas by name, to which others refer as `#/$defs/NAME` or to a part as `#/$defs/NAME/properties/id`, and they to each other. Each is bounded like a schema alone. They are
 * compiled once, when the first one is needed.
 */
export class SharedSchemas {
  readonly written: Readonly<Record<string, unknown>>
  #compiled: CompiledShared | null = null

  /** @param written JSON, by name */
  constructor(written: Readonly<Record<string, unknown>>) {
    this.written = written
  }

  /** What is wrong with them; a path starts with the name. */
  get faults(): readonly SchemaFault[] {
    return this.#all.faults
  }

  /** How many schemas a value is held against by each; nothing if none was needed yet. */
  get extents(): ReadonlyMap<SchemaNode, Extent | 'open'> {
    return this.#compiled?.extents ?? NO_EXTENTS
  }

  /**
   * The schema with a name, or a part of it; one that matches nothing if the whole cannot be compiled; undefined without one.
   *
   * @param below the JSON Pointer of a part within the schema; empty for the whole
   */
  schema(name: string, below = ''): SchemaNode | undefined {
    return Object.hasOwn(this.written, name) ? partOf(this.#all.parts, name, below) : undefined
  }

  get #all(): CompiledShared {
    return (this.#compiled ??= compileShared(this.written))
  }
}

/** By JSON Pointer, which begins with the name of the schema. */
type SharedParts = ReadonlyMap<string, SchemaNode>

/** @returns undefined if the schema has no such part */
function partOf(parts: SharedParts, name: string, below: string): SchemaNode | undefined {
  const root = jsonPointer(name)
  return parts.has(root) ? parts.get(root + below) : NOTHING
}

interface CompiledShared {
  /** Those that are schemas by their place, and not only because something refers to them. */
  readonly parts: SharedParts
  readonly faults: readonly SchemaFault[]
  readonly extents: ReadonlyMap<SchemaNode, Extent | 'open'>
}

function compileShared(written: Readonly<Record<string, unknown>>): CompiledShared {
  const parts = new Map<string, SchemaNode>()
  const target = (name: string, below: string): SchemaNode | undefined =>
    Object.hasOwn(written, name) ? partOf(parts, name, below) : undefined
  const compilations = Object.entries(written).map(([name, schema]) => {
    const compilation = new Compilation(schema, [name], target)
    compilation.start()
    for (const node of compilation.nodes) parts.set(jsonPointer(...node.path), node)
    return compilation
  })
  for (const compilation of compilations) compilation.finish()
  const extents = new Map<SchemaNode, Extent | 'open'>()
  const found = compilations.flatMap(({ faults }) => faults)
  const endless = sameValueFault(
    compilations.flatMap(({ nodes }) => nodes),
    NO_EXTENTS,
    extents,
  )
  const faults = found.length === 0 && endless !== null ? [endless] : found.slice(0, FAULTS_MAX)
  return { parts, faults, extents }
}

const NO_EXTENTS: ReadonlyMap<SchemaNode, Extent> = new Map()

/** Finds a shared schema, or the part of it at a JSON Pointer. */
type FindShared = (name: string, below: string) => SchemaNode | undefined

class Compilation implements Compiler {
  readonly faults: SchemaFault[] = []
  readonly #written: unknown
  /** The place of the schema; what it refers to is below. */
  readonly #place: SchemaPath
  readonly #shared: FindShared
  /** By JSON Pointer. */
  readonly #nodes = new Map<string, SchemaNode>()
  readonly #anchors = new Map<string, SchemaNode>()
  readonly #references: { readonly target: string; readonly path: SchemaPath }[] = []
  #patterns = 0
  #isTooLarge = false

  constructor(written: unknown, place: SchemaPath, shared: FindShared) {
    this.#written = written
    this.#place = place
    this.#shared = shared
  }

  /** Compiles the whole schema but for its references. */
  start(): SchemaNode | undefined {
    return this.schema(this.#written, this.#place)
  }

  get nodes(): readonly SchemaNode[] {
    return [...this.#nodes.values()]
  }

  fault(path: SchemaPath, message: string): void {
    if (this.faults.length < FAULTS_MAX) this.faults.push({ path, message })
  }

  schema(value: unknown, path: SchemaPath): SchemaNode | undefined {
    const pointer = jsonPointer(...path)
    const known = this.#nodes.get(pointer)
    if (known !== undefined) return known
    if (this.#nodes.size >= SCHEMAS_MAX) {
      if (!this.#isTooLarge) this.fault([], `Use at most ${SCHEMAS_MAX} subschemas.`)
      this.#isTooLarge = true
      return undefined
    }
    if (typeof value !== 'boolean' && !isObject(value)) {
      this.fault(path, 'Use a schema: an object, or `true` or `false`.')
      return undefined
    }
    const node = new SchemaNode(path)
    this.#nodes.set(pointer, node)
    if (value === false) node.isNever = true
    if (typeof value !== 'boolean') this.#compile(value, path, node)
    return node
  }

  schemas(value: unknown, path: SchemaPath): ReadonlyMap<string | number, SchemaNode> {
    const found = new Map<string | number, SchemaNode>()
    if (typeof value !== 'object' || value === null) {
      this.fault(path, 'Use an object of schemas.')
      return found
    }
    const entries: Iterable<[string | number, unknown]> = Array.isArray(value)
      ? value.entries()
      : Object.entries(value)
    for (const [name, written] of entries) {
      const node = this.schema(written, [...path, name])
      if (node !== undefined) found.set(name, node)
    }
    return found
  }

  pattern(value: unknown, path: SchemaPath): Pattern | undefined {
    this.#patterns += 1
    const compiled =
      typeof value !== 'string'
        ? 'Use a regular expression.'
        : this.#patterns > PATTERNS_MAX
          ? `Use at most ${PATTERNS_MAX} regular expressions.`
          : compilePattern(value)
    if (typeof compiled !== 'string') return compiled
    this.fault(path, compiled)
    return undefined
  }

  reference(value: unknown, path: SchemaPath): (() => SchemaNode) | undefined {
    if (typeof value !== 'string' || !value.startsWith('#')) {
      this.fault(
        path,
        'Use a reference within this schema, such as `#/$defs/address`. Others are never loaded.',
      )
      return undefined
    }
    this.#references.push({ target: value, path })
    let target: SchemaNode | undefined
    return () => (target ??= this.#target(value) ?? NOTHING)
  }

  /** Compiles what only references name, and checks that they name something. */
  finish(): void {
    // A target can contain further references.
    for (const { target, path } of this.#references) {
      const at = pointerOf(target)
      const before = this.faults.length
      if (at?.startsWith('/') === true && this.#ownNode(at) === undefined) {
        const found = valueAt(this.#written, at)
        if (found !== undefined) this.schema(found.value, [...this.#place, ...found.path])
      }
      if (this.#target(target) === undefined && this.faults.length === before) {
        this.fault(path, 'This refers to nothing in the schema.')
      }
    }
  }

  #target(reference: string): SchemaNode | undefined {
    const at = pointerOf(reference)
    if (at === undefined) return undefined
    if (at !== '' && !at.startsWith('/')) return this.#anchors.get(at)
    return this.#ownNode(at) ?? this.#sharedNode(at)
  }

  #ownNode(pointer: string): SchemaNode | undefined {
    return this.#nodes.get(jsonPointer(...this.#place) + pointer)
  }

  #sharedNode(pointer: string): SchemaNode | undefined {
    const [, part, name, ...below] = pointer.split('/')
    if (part !== '$defs' || name === undefined) return undefined
    // A definition of its own is the one that is meant, also where it lacks the part.
    if (below.length > 0 && valueAt(this.#written, `/${part}/${name}`) !== undefined) return undefined
    return this.#shared(name, below.map((each) => `/${each}`).join(''))
  }

  #compile(schema: SchemaObject, path: SchemaPath, node: SchemaNode): void {
    for (const [name, value] of Object.entries(schema)) {
      const at = [...path, name]
      const compile = KEYWORDS.get(name)
      if (compile !== undefined) compile({ schema, name, value, path: at, node, compiler: this })
      else if (name === '$schema') this.#checkDialect(value, at)
      else if (name === '$anchor' || name === '$dynamicAnchor') this.#addAnchor(value, at, node)
      else if (name === '$id' && path.length > this.#place.length) {
        this.fault(at, 'Use `$anchor` to name a part of the schema.')
      }
    }
  }

  #checkDialect(value: unknown, path: SchemaPath): void {
    if (value !== DIALECT && value !== `${DIALECT}#`) this.fault(path, `Use ${DIALECT}, or leave it out.`)
  }

  #addAnchor(value: unknown, path: SchemaPath, node: SchemaNode): void {
    if (typeof value !== 'string' || !/^[A-Za-z_][-A-Za-z0-9._]*$/.test(value)) {
      this.fault(path, 'Use a name of letters, digits, "-", "_" and ".".')
    } else if (this.#anchors.get(value) !== undefined && this.#anchors.get(value) !== node) {
      this.fault(path, 'Use another name: this one is there twice.')
    } else {
      this.#anchors.set(value, node)
    }
  }
}

/** Stands for the target of a reference that refers to nothing; a schema with one is refused. */
const NOTHING = new SchemaNode([])
NOTHING.isNever = true

const NO_SHARED_SCHEMAS = new SharedSchemas({})

import type { SchemaNode } from './schema-node.ts'

/** A part of a place in a schema. */
export type SchemaPath = readonly (string | number)[]

/** A schema as it is written. */
export type SchemaObject = Readonly<Record<string, unknown>>

/** Why a schema cannot be used. */
export interface SchemaFault {
  readonly path: SchemaPath
  /** A sentence that says what to write. */
  readonly message: string
}

/** What compiling one keyword of a schema needs. */
export interface Keyword {
  readonly schema: SchemaObject
  readonly name: string
  readonly value: unknown
  readonly path: SchemaPath
  readonly node: SchemaNode
  readonly compiler: Compiler
}

export interface Compiler {
  fault(path: SchemaPath, message: string): void
  /** A subschema; undefined after a fault. */
  schema(value: unknown, path: SchemaPath): SchemaNode | undefined
  /** The subschemas of a list or of an object, by place. */
  schemas(value: unknown, path: SchemaPath): ReadonlyMap<string | number, SchemaNode>
  /** A regular expression, as a test of a text; undefined after a fault. */
  pattern(value: unknown, path: SchemaPath): Pattern | undefined
  /** What a reference refers to, once everything is compiled. */
  reference(value: unknown, path: SchemaPath): (() => SchemaNode) | undefined
}

/** A regular expression that takes linear time. */
export interface Pattern {
  readonly source: string
  /** How many checks testing a text costs. */
  cost(text: string): number
  test(text: string): boolean
}

/** Compiles one keyword: adds its checks to the node, or reports a fault. */
export type CompileKeyword = (keyword: Keyword) => void

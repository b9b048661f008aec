import { compileSchema, type SharedSchemas } from './compile-schema.ts'
import type { SchemaNode } from './schema-node.ts'
import { TooManyChecks, Validation, WHOLE, type ValueError } from './validation.ts'

/**
 * How many checks a value may cost: some milliseconds, and for a larger one about as much as reading it takes. So the cost
 * of a request stays in proportion to what its caller sends, whatever the schema. Typical bodies need 0.5 for each
 * character, lists of digits 2. One check takes 20 to 120 ns.
 */
export const CHECKS_MIN = 100_000
const CHECKS_PER_CHARACTER = 2
const CHECKS_MAX = 4_000_000

const CANNOT_COMPILE = 'a schema of a deployment cannot be compiled: '
const TOO_MUCH = 'This is nested too deeply, or has too much in it, to be checked. Send less in one request.'

/** A schema that values are held against. It is compiled when the first one is. */
export class HeldSchema {
  readonly #written: unknown
  readonly #shared: SharedSchemas | undefined
  #compiled: SchemaNode | null = null

  /**
   * @param written one that `compileSchema` accepts
   * @param shared what it may refer to
   */
  constructor(written: unknown, shared?: SharedSchemas) {
    this.#written = written
    this.#shared = shared
  }

  /**
   * Every reason why a value does not match, at most 100; empty if it matches.
   *
   * @param characters of the text that the value was read from
   * @throws Error if the schema cannot be compiled
   */
  errorsOf(value: unknown, characters: number): readonly ValueError[] {
    const schema = (this.#compiled ??= compiled(this.#written, this.#shared))
    const validation = new Validation(Math.min(CHECKS_MIN + CHECKS_PER_CHARACTER * characters, CHECKS_MAX))
    try {
      return schema.matches(value, WHOLE, validation, null) ? [] : validation.errors
    } catch (error) {
      if (error instanceof TooManyChecks) return [{ path: '', message: TOO_MUCH }]
      throw error
    }
  }
}

function compiled(written: unknown, shared: SharedSchemas | undefined): SchemaNode {
  if (shared !== undefined && shared.faults.length > 0)
    throw new Error(CANNOT_COMPILE + (shared.faults[0]?.message ?? ''))
  const result = compileSchema(written, shared)
  if ('schema' in result) return result.schema
  throw new Error(CANNOT_COMPILE + (result.faults[0]?.message ?? ''))
}

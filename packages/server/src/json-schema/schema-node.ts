import type { Place, Validation } from './validation.ts'

/** Which members and items of a value other schemas have evaluated (JSON Schema Core section 11). */
export class Evaluated {
  readonly names = new Set<string>()
  readonly items = new Set<number>()
  allNames = false
  /** All items before this index are evaluated. */
  itemsBefore = 0

  merge(other: Evaluated): void {
    for (const name of other.names) this.names.add(name)
    for (const item of other.items) this.items.add(item)
    this.allNames ||= other.allNames
    this.itemsBefore = Math.max(this.itemsBefore, other.itemsBefore)
  }
}

/**
 * One assertion of a schema.
 *
 * @param evaluated collects what is evaluated; null if no schema asks
 * @returns whether the value matches; errors are with the validation
 * @throws TooManyChecks
 */
export type Check = (
  value: unknown,
  place: Place,
  validation: Validation,
  evaluated: Evaluated | null,
) => boolean

/** A schema, ready for validation. Its checks are added while all schemas are compiled, since they refer to each other. */
export class SchemaNode {
  /** The JSON Pointer of the schema, as names. */
  readonly path: readonly (string | number)[]
  readonly checks: Check[] = []
  /** `unevaluatedItems` and `unevaluatedProperties`: they come last. */
  readonly lastChecks: Check[] = []
  /** The schemas that the same value must also be held against, with the place that names them. */
  readonly beside: { readonly node: () => SchemaNode; readonly path: readonly (string | number)[] }[] = []
  /** Whether a value has a type that the schema asks for; null if it asks for none. */
  admits: Check | null = null
  /** Set for `false`, which no value matches. */
  isNever = false

  constructor(path: readonly (string | number)[]) {
    this.path = path
  }

  /** Holds a value against the schema, see `Check`. */
  matches(value: unknown, place: Place, validation: Validation, around: Evaluated | null): boolean {
    if (this.isNever) return validation.fail(place, 'This is not allowed here.')
    validation.enter(1 + this.checks.length)
    const evaluated = this.lastChecks.length > 0 ? new Evaluated() : around
    let isValid = true
    for (const check of this.checks) {
      if (check(value, place, validation, evaluated)) continue
      isValid = false
      if (validation.isQuiet) break
    }
    // After another error, everything could look unevaluated.
    if (isValid) {
      for (const check of this.lastChecks) {
        if (!check(value, place, validation, evaluated)) isValid = false
      }
    }
    if (isValid && evaluated !== around && evaluated !== null) around?.merge(evaluated)
    validation.leave()
    return isValid
  }
}

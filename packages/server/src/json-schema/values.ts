import { canonicalNumber, comparisonCost, isNumber } from './decimals.ts'
import type { Validation } from './validation.ts'

/** The types of JSON Schema that a value can have. `integer` is a property of a number. */
export type ValueType = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'

export function typeOf(value: unknown): ValueType {
  if (value === null) return 'null'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'boolean') return 'boolean'
  if (isNumber(value)) return 'number'
  return Array.isArray(value) ? 'array' : 'object'
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && typeOf(value) === 'object'
}

/** What making the text of one value costs, beside its characters. */
const CANONICAL_CHECKS = 8
/** How many characters are compared at the cost of one check. */
const CHARS_PER_CHECK = 32

/**
 * A text that two values share if and only if they are equal (JSON Schema Core section 4.2.2): members in any order, numbers by value.
 *
 * @param validation pays for it
 */
export function canonicalText(value: unknown, validation: Validation): string {
  validation.enter(CANONICAL_CHECKS)
  try {
    if (isNumber(value)) {
      validation.spend(comparisonCost(value))
      return canonicalNumber(value)
    }
    if (Array.isArray(value)) return `[${value.map((item) => canonicalText(item, validation)).join(',')}]`
    if (!isObject(value)) {
      const text = JSON.stringify(value)
      validation.spend(Math.floor(text.length / CHARS_PER_CHECK))
      return text
    }
    const names = Object.keys(value).toSorted()
    validation.spend(4 * names.length)
    const members = names.map((name) => `${JSON.stringify(name)}:${canonicalText(value[name], validation)}`)
    return `{${members.join(',')}}`
  } finally {
    validation.leave()
  }
}

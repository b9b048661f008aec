import type { Parsed } from '@sallyport/core'
import { z } from 'zod'

/**
 * Refines a schema with a parser of core. The schema states the JSON type and what the OpenAPI document shows; the
 * parser decides, and produces the narrower type that operations accept.
 */
export function parsed<Schema extends z.ZodType, T>(
  schema: Schema,
  parse: (value: z.output<Schema>) => Parsed<T>,
) {
  return schema.transform((value, check): T => {
    const result = parse(value)
    if (result.ok) return result.value
    check.addIssue(result.problem)
    return z.NEVER
  })
}

/** A string for the OpenAPI document, with the limits that its parser enforces. */
export function documentedString(limits: {
  readonly pattern?: RegExp
  readonly minLength?: number
  readonly maxLength?: number
}) {
  const { pattern, ...lengths } = limits
  return z.string().meta({ ...lengths, ...(pattern === undefined ? {} : { pattern: pattern.source }) })
}

/** A whole number for the OpenAPI document, with the limits that its parser enforces. */
export function documentedInteger(limits: { readonly minimum: number; readonly maximum: number }) {
  return z.int().meta(limits)
}

interface IntegerLimits {
  readonly minimum: number
  readonly maximum: number
}

/**
 * A whole number in a query, in decimal digits. Coercion would also read an empty text, hexadecimal digits and spaces as
 * numbers.
 */
export function queryInteger(limits: IntegerLimits & { readonly default: number }) {
  return queryDigits(limits).default(limits.default)
}

/** The same, for a number that has no default. */
export function optionalQueryInteger(limits: IntegerLimits) {
  return queryDigits(limits).optional()
}

function queryDigits(limits: IntegerLimits) {
  const { minimum, maximum } = limits
  const message = `Send one whole number from ${minimum} to ${maximum}.`
  const text = z.string({ error: message }).meta({ ...limits, type: 'integer' })
  return parsed(text, (digits): Parsed<number> => {
    const value = /^\d{1,9}$/.test(digits) ? Number(digits) : Number.NaN
    return value >= minimum && value <= maximum ? { ok: true, value } : { ok: false, problem: message }
  })
}

/** `true` or `false` in a query. */
export function queryBoolean() {
  return z.enum(['true', 'false']).transform((text) => text === 'true')
}

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

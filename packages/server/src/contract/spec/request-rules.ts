import type { JsonSchema, RequestRules } from '@sallyport/core'
import { z } from 'zod'
import { compileSchema } from '../../json-schema/compile-schema.ts'
import { mediaTypes } from './media-types.ts'

/** The most characters of a schema, as JSON: what it takes to compile it, and to hold it in every gateway. */
const SCHEMA_CHARS_MAX = 65_536

/** A schema that can be held against a value. Each fault has its place. */
const jsonSchema = z
  .union([z.boolean(), z.record(z.string(), z.unknown())], 'Use a JSON Schema: an object, `true` or `false`.')
  .superRefine((schema, check) => {
    if (JSON.stringify(schema).length > SCHEMA_CHARS_MAX) {
      check.addIssue(`Use a schema of at most ${SCHEMA_CHARS_MAX} characters.`)
      return
    }
    const compiled = compileSchema(schema)
    if ('schema' in compiled) return
    for (const { path, message } of compiled.faults) {
      check.addIssue({ code: 'custom', path: [...path], message })
    }
  })
  .transform((schema): JsonSchema => schema)

/** What requests must contain, besides their credentials. */
export const requestRules = z
  .strictObject({
    body: jsonSchema
      .optional()
      .describe('A JSON Schema (2020-12) of the body. Without `contentTypes`, bodies must then be JSON.'),
    query: jsonSchema
      .optional()
      .describe('A JSON Schema of the query as an object. Values get the types that it states.'),
    params: jsonSchema
      .optional()
      .describe('A JSON Schema of the path parameters as an object, like `query`.'),
    contentTypes: mediaTypes
      .optional()
      .describe('The media types of bodies, such as `application/json` or `image/*`.'),
  })
  .transform((rules): RequestRules =>
    Object.fromEntries(Object.entries(rules).filter(([, rule]) => rule !== undefined)),
  )

/** Reports a schema for a body that nothing reads. */
export function checkRequestRules(
  { kind, request }: { readonly kind: string; readonly request?: RequestRules | undefined },
  check: z.RefinementCtx,
): void {
  if (kind !== 'http-file' || request?.body === undefined) return
  const message = 'Use kind `http` or `rest`: a body of `http-file` is not read, so it cannot be checked.'
  check.addIssue({ code: 'custom', path: ['request', 'body'], message })
}

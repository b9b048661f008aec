import type { JsonSchema, RequestRules, WrittenRoute } from '@sallyport/core'
import { z } from 'zod'
import { compileSchema } from '../../json-schema/compile-schema.ts'

const CONTENT_TYPES_MAX = 50
/** The most characters of a schema, as JSON: what it takes to compile it, and to hold it in every gateway. */
const SCHEMA_CHARS_MAX = 65_536

/** A media type or a range of one type, in lower case (RFC 9110 section 8.3.1). */
const MEDIA_TYPE = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,126}\/(?:\*|[a-z0-9][a-z0-9!#$&^_.+-]{0,126})$/

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
    contentTypes: z
      .array(
        z.string().regex(MEDIA_TYPE, 'Use a media type in lower case, such as application/json or image/*.'),
      )
      .min(1)
      .max(CONTENT_TYPES_MAX)
      .optional()
      .describe('The media types of bodies, such as `application/json` or `image/*`.'),
  })
  .transform((rules): RequestRules =>
    Object.fromEntries(Object.entries(rules).filter(([, rule]) => rule !== undefined)),
  )

/** Reports schemas for a body that nothing reads. */
export function checkRequestRules(
  {
    kind,
    request,
    routes,
  }: {
    readonly kind: string
    readonly request?: RequestRules | undefined
    readonly routes: readonly (string | WrittenRoute)[]
  },
  check: z.RefinementCtx,
): void {
  if (kind !== 'http-file') return
  const message = 'Use kind `http` or `rest`: a body of `http-file` is not read, so it cannot be checked.'
  const report = (...path: (string | number)[]): void =>
    check.addIssue({ code: 'custom', path: [...path, 'request', 'body'], message })
  if (request?.body !== undefined) report()
  for (const [index, route] of routes.entries()) {
    if (typeof route !== 'string' && route.request?.body !== undefined) report('routes', index)
  }
}

import type { JsonSchema, RequestRules, WrittenRoute } from '@sallyport/core'
import { z } from 'zod'
import { mediaTypes } from './media-types.ts'
import { compileSchema, SharedSchemas } from '../../json-schema/compile-schema.ts'

/** The most characters of a schema, as JSON: what it takes to compile it, and to hold it in every gateway. */
const SCHEMA_CHARS_MAX = 65_536

/** The most shared schemas of a trigger, and their names. */
const SHARED_SCHEMAS_MAX = 1000
const SCHEMA_NAME = /^[A-Za-z0-9._-]{1,128}$/
const WRONG_NAME = 'Use a name of letters, digits, ".", "_" and "-", at most 128 characters long.'

/** A schema. `checkRequestRules` compiles it, since it may refer to others. */
const jsonSchema = z
  .union([z.boolean(), z.record(z.string(), z.unknown())], 'Use a JSON Schema: an object, `true` or `false`.')
  .refine(
    (schema) => JSON.stringify(schema).length <= SCHEMA_CHARS_MAX,
    `Use a schema of at most ${SCHEMA_CHARS_MAX} characters.`,
  )
  .transform((schema): JsonSchema => schema)

/** Schemas that others refer to. */
export const sharedSchemas = z
  .record(z.string(), jsonSchema)
  .superRefine((schemas, check) => {
    const wrong = Object.keys(schemas).find((name) => !SCHEMA_NAME.test(name))
    if (wrong !== undefined) check.addIssue({ code: 'custom', path: [wrong], message: WRONG_NAME })
  })
  .refine(
    (schemas) => Object.keys(schemas).length <= SHARED_SCHEMAS_MAX,
    `Use at most ${SHARED_SCHEMAS_MAX} schemas.`,
  )

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

interface TriggerRules {
  readonly kind: string
  readonly request?: RequestRules | undefined
  readonly routes: readonly (string | WrittenRoute)[]
  readonly schemas?: Readonly<Record<string, JsonSchema>> | undefined
}

/** Reports schemas that cannot be held against a value, each fault at its place, and those for a body that nothing reads. */
export function checkRequestRules(
  { kind, request, routes, schemas = {} }: TriggerRules,
  check: z.RefinementCtx,
): void {
  const report = (path: readonly (string | number)[], message: string): void =>
    check.addIssue({ code: 'custom', path: [...path], message })
  const shared = new SharedSchemas(schemas)
  for (const { path, message } of shared.faults) report(['schemas', ...path], message)
  const checkRules = (rules: RequestRules | undefined, place: readonly (string | number)[]): void => {
    if (rules === undefined) return
    for (const part of ['body', 'query', 'params'] as const) {
      const compiled = rules[part] === undefined ? undefined : compileSchema(rules[part], shared)
      if (compiled === undefined || 'schema' in compiled) continue
      for (const { path, message } of compiled.faults) report([...place, part, ...path], message)
    }
    if (kind === 'http-file' && rules.body !== undefined) report([...place, 'body'], UNREAD)
  }
  checkRules(request, ['request'])
  for (const [index, route] of routes.entries()) {
    if (typeof route !== 'string') checkRules(route.request, ['routes', index, 'request'])
  }
}

const UNREAD = 'Use kind `http` or `rest`: a body of `http-file` is not read, so it cannot be checked.'

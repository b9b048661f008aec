import { Problem } from '@sallyport/core'
import { z } from 'zod'
import { waitQuery } from '../contract/receipt.ts'
import { nullPlan, withoutNulls } from '../contract/requests/null-members.ts'
import { parseRequest } from '../contract/requests/request-problems.ts'
import type { ControlApp } from './routing/control-app.ts'

/** The part of a request, as a prefix of the JSON Pointer; the body has none. */
const PREFIX: Readonly<Record<string, string>> = {
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

const NO_PARAMETERS = z.strictObject({})

/**
 * Validates requests with the schemas of their routes. A route of the API without a schema for its query takes no parameter, except
 * that every change takes `wait`, so that scripts can send it with all of them: one that takes no rights away waits for nothing.
 */
export function validateRequests(app: ControlApp): void {
  app.addHook('onRoute', (route) => {
    if (!route.url.startsWith('/v1/') || route.schema === undefined) return
    route.schema.querystring ??= NO_PARAMETERS
  })
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart, method }) => {
    const plan = httpPart === 'body' ? nullPlan(schema, method === 'PATCH') : null
    const isPlainChange = schema === NO_PARAMETERS && method !== 'GET' && method !== 'HEAD'
    const checked = isPlainChange ? waitQuery : schema
    return (data: unknown) => {
      const parsed = parseRequest(checked, withoutNulls(plan, data))
      if (parsed.ok) return { value: parsed.value }
      const prefix = PREFIX[httpPart ?? 'body'] ?? ''
      const errors = parsed.problems.map(({ path, message }) => ({ path: prefix + path, message }))
      return { error: new Problem('invalid_request', { extensions: { errors } }) }
    }
  })
}

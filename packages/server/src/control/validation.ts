import { Problem } from '@sallyport/core'
import type { z } from 'zod'
import { parseRequest } from '../contract/fields/request-problems.ts'
import type { ControlApp } from './routing/control-app.ts'

/** Where in a request a problem is, put before the path within that part; the body is the part that needs no name. */
const PART: Readonly<Record<string, string>> = {
  querystring: 'query',
  params: 'path',
  headers: 'header',
}

/** Holds requests against the schemas of their routes. */
export function validateRequests(app: ControlApp): void {
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart }) => (data: unknown) => {
    const parsed = parseRequest(schema, data)
    if (parsed.ok) return { value: parsed.value }
    const part = PART[httpPart ?? 'body'] ?? ''
    const errors = parsed.problems.map(({ path, message }) => ({ path: part + path, message }))
    return { error: new Problem('invalid_request', { extensions: { errors } }) }
  })
}

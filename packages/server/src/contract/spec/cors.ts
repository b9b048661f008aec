import { PREFLIGHT_SECONDS_DEFAULT, PREFLIGHT_SECONDS_MAX } from '@sallyport/core'
import { z } from 'zod'
import { headerToken } from './header-fields.ts'
import { originProblem } from './origin.ts'

const CORS_LIST_MAX = 100
const ORIGIN_CHARS_MAX = 300

const origin = z
  .string()
  .max(ORIGIN_CHARS_MAX)
  .superRefine((text, check) => {
    const problem = text === '*' ? undefined : originProblem(text)
    if (problem !== undefined) check.addIssue(problem)
  })

/** Which pages of other origins may call a pipeline (WHATWG Fetch, "CORS protocol"). */
export const cors = z
  .strictObject({
    origins: z
      .array(origin)
      .min(1)
      .max(CORS_LIST_MAX)
      .describe(
        'The origins whose pages may call the pipeline, such as `https://app.example.com`, or `https://*.example.com` for all of its subdomains; or only `*`.',
      ),
    headers: z
      .array(headerToken)
      .max(CORS_LIST_MAX)
      .default([])
      .describe('Further headers that pages may send, besides `content-type` and those of the credentials.'),
    exposedHeaders: z
      .array(headerToken)
      .max(CORS_LIST_MAX)
      .default([])
      .describe(
        'Further response headers that pages may read, besides `x-request-id`, `x-sallyport-code` and those of rate limits.',
      ),
    credentials: z
      .boolean()
      .default(false)
      .describe('Whether browsers may send cookies and stored credentials. Not with `*`.'),
    maxAge: z
      .int()
      .min(0)
      .max(PREFLIGHT_SECONDS_MAX)
      .default(PREFLIGHT_SECONDS_DEFAULT)
      .describe('How long browsers may cache the answer to a preflight, in seconds; 0 for not at all.'),
  })
  .superRefine(({ origins, headers, exposedHeaders, credentials }, check) => {
    // With credentials, browsers take it for the name of a header (Fetch standard, "CORS protocol and credentials").
    for (const [field, names] of Object.entries({ headers, exposedHeaders })) {
      if (!credentials || !names.includes('*')) continue
      const message = `List the headers: with credentials, "*" ${field === 'headers' ? 'allows' : 'exposes'} none.`
      check.addIssue({ code: 'custom', path: [field, names.indexOf('*')], message })
    }
    if (!origins.includes('*')) return
    if (origins.length > 1) {
      check.addIssue({ code: 'custom', path: ['origins'], message: '"*" must be the only origin.' })
    }
    // Any page could then use its visitor's credentials (Fetch standard, "CORS protocol and credentials").
    if (credentials) {
      check.addIssue({
        code: 'custom',
        path: ['credentials'],
        message: 'List the origins: "*" does not allow credentials.',
      })
    }
  })

/** Reports headers that would be beside those of `cors`: browsers reject two sets of cross-origin rules. */
export function checkCorsHeaders(
  { cors: rules, responseHeaders }: { readonly cors: unknown; readonly responseHeaders: object },
  check: z.RefinementCtx,
): void {
  if (rules === null) return
  for (const name of Object.keys(responseHeaders)) {
    if (!name.startsWith('access-control-')) continue
    const message = 'The gateway sets this header by the rules in `cors`. Remove it here.'
    check.addIssue({ code: 'custom', path: ['responseHeaders', name], message })
  }
}

import { TIMEOUT_MS_MAX, URL_TEMPLATE_CHARS_MAX, type CallStep, type ProxyStep } from '@sallyport/core'
import { z } from 'zod'
import { expression } from './expression.ts'
import { headerTemplates } from './header-fields.ts'
import { checkTargets, targetFields, upstreamOptions } from './targets.ts'

const CALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
/** Methods whose requests have no defined content; some servers refuse it (RFC 9110 sections 9.3.1 and 9.3.2). */
const METHODS_WITHOUT_BODY: readonly string[] = ['GET', 'HEAD']

const toUpstream = {
  url: z
    .string()
    .min(1)
    .max(URL_TEMPLATE_CHARS_MAX)
    .regex(/^[!-~]+$/, 'A URL consists of printable ASCII without spaces.')
    .describe(
      'Where requests go. Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{secrets.NAME}` for a secret.',
    ),
  headers: headerTemplates.default({}).describe('Headers to set, by name.'),
  timeoutMs: z.int().min(1).max(TIMEOUT_MS_MAX).optional().describe("At most the trigger's timeout."),
}

export const proxy = z
  .strictObject({ ...toUpstream, ...targetFields })
  .superRefine(checkTargets)
  .transform((step): ProxyStep => ({
    kind: 'proxy',
    url: step.url,
    headers: step.headers,
    timeoutMs: step.timeoutMs ?? null,
    ...upstreamOptions(step),
  }))

export const call = z
  .strictObject({
    ...toUpstream,
    method: z
      .enum(CALL_METHODS, `A method is one of ${CALL_METHODS.join(', ')}.`)
      .optional()
      .describe('Default: POST with a body, GET without one.'),
    body: expression.optional().describe('An expression; its result is sent as JSON.'),
  })
  .superRefine(({ method, body }, check) => {
    if (method === undefined || body === undefined || !METHODS_WITHOUT_BODY.includes(method)) return
    check.addIssue({
      code: 'custom',
      path: ['body'],
      message: `A ${method} request has no body. Remove the body, or use another method.`,
    })
  })
  .transform(({ url, headers, timeoutMs, method, body }): CallStep => ({
    kind: 'call',
    url,
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers,
    body: body ?? null,
    timeoutMs: timeoutMs ?? null,
  }))

import { TIMEOUT_MS_MAX, URL_TEMPLATE_CHARS_MAX, type CallStep, type ProxyStep } from '@sallyport/core'
import { z } from 'zod'
import { cacheRules, checkCache } from './cache.ts'
import { expression } from './expression.ts'
import { responseHeaderFields } from './header-fields.ts'
import { callHeaders, proxyHeaders } from './header-rules.ts'
import { checkTargets, targetFields, upstreamOptions } from './targets.ts'

const CALL_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const
/** Methods whose requests have no defined content; some servers refuse it (RFC 9110 sections 9.3.1 and 9.3.2). */
const METHODS_WITHOUT_BODY: readonly string[] = ['GET', 'HEAD']

/** The URL of an upstream, with placeholders. */
export const urlTemplate = z
  .string()
  .min(1)
  .max(URL_TEMPLATE_CHARS_MAX)
  .regex(/^[!-~]+$/, 'A URL consists of printable ASCII without spaces.')

const url = urlTemplate.describe(
  'Where requests go. Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret.',
)
const timeoutMs = z.int().min(1).max(TIMEOUT_MS_MAX).optional().describe("At most the trigger's timeout.")

export const proxy = z
  .strictObject({
    url,
    headers: proxyHeaders.default({}).describe('What the upstream gets under the names of headers.'),
    responseHeaders: responseHeaderFields
      .optional()
      .describe("Headers of the response, by name; null removes one of the upstream's."),
    cache: cacheRules.optional().describe('How responses are stored (RFC 9111); not at all without it.'),
    timeoutMs,
    preserveHost: z
      .boolean()
      .default(false)
      .describe('Whether the upstream gets the host that the caller has addressed, instead of its own.'),
    forwardedPrefix: z
      .boolean()
      .default(false)
      .describe(
        "Whether the upstream gets the beginning of the caller's path that is not part of its own, as `X-Forwarded-Prefix`.",
      ),
    ...targetFields,
  })
  .superRefine(checkTargets)
  .superRefine(checkCache)
  .transform((step): ProxyStep => ({
    kind: 'proxy',
    url: step.url,
    headers: step.headers,
    ...(step.responseHeaders === undefined ? {} : { responseHeaders: step.responseHeaders }),
    ...(step.cache === undefined ? {} : { cache: step.cache }),
    timeoutMs: step.timeoutMs ?? null,
    ...(step.preserveHost ? { preserveHost: true } : {}),
    ...(step.forwardedPrefix ? { forwardedPrefix: true } : {}),
    ...upstreamOptions(step),
  }))

export const call = z
  .strictObject({
    url,
    headers: callHeaders.default({}).describe('Headers to send, by name.'),
    timeoutMs,
    method: z
      .enum(CALL_METHODS, `A method is one of ${CALL_METHODS.join(', ')}.`)
      .optional()
      .describe('Default: POST with a body, GET without one.'),
    body: expression
      .optional()
      .describe('An expression; its result is sent as JSON, or as the `content-type` that `headers` set.'),
    ...targetFields,
  })
  .superRefine(checkTargets)
  .superRefine(({ method, body }, check) => {
    if (method === undefined || body === undefined || !METHODS_WITHOUT_BODY.includes(method)) return
    check.addIssue({
      code: 'custom',
      path: ['body'],
      message: `A ${method} request has no body. Remove the body, or use another method.`,
    })
  })
  .transform(({ method, body, ...step }): CallStep => ({
    kind: 'call',
    url: step.url,
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    headers: step.headers,
    body: body ?? null,
    timeoutMs: step.timeoutMs ?? null,
    ...upstreamOptions(step),
  }))

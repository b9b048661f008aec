import { mistakenPlaceholders, parseHeaderTemplate } from '@sallyport/core'
import { z } from 'zod'
import { expression } from './expression.ts'

const HEADER_NAME_CHARS_MAX = 100
const HEADER_VALUE_CHARS_MAX = 4096
const HEADERS_MAX = 50

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** RFC 9110 section 5.5 without obs-text: no line break, no space at the ends. */
const FIELD_VALUE = /^(?:[!-~](?:[\t -~]*[!-~])?)?$/

/** Headers of one connection (RFC 9110 section 7.6.1) or of message framing, which a spec cannot set. */
const CONNECTION_HEADERS: readonly string[] = [
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** Headers that continue the trace of a request at an upstream (W3C Trace Context). */
const TRACE_HEADERS: readonly string[] = ['traceparent', 'tracestate']

/** A header name (RFC 9110 section 5.1), for any use. */
export const headerToken = z
  .string()
  .max(HEADER_NAME_CHARS_MAX, `A header name has at most ${HEADER_NAME_CHARS_MAX} characters.`)
  .regex(TOKEN, "A header name consists of letters, digits and !#$%&'*+-.^_`|~.")

export const headerValue = z
  .string()
  .max(HEADER_VALUE_CHARS_MAX)
  .regex(
    FIELD_VALUE,
    'A header value consists of printable ASCII without line breaks and without spaces at the ends.',
  )

/** The value of a header for an upstream. */
export const headerTemplate = headerValue
  .superRefine((text, check) => {
    // The pattern above has already reported this value.
    if (!FIELD_VALUE.test(text)) return
    for (const problem of parseHeaderTemplate(text).problems) check.addIssue(problem)
    for (const found of mistakenPlaceholders(text)) {
      check.addIssue(
        `${found} is no placeholder: use {oauth.token}, {auth.organization}, {auth.consumer}, {auth.consumerId}, {auth.key} or {auth.claims.NAME}.`,
      )
    }
  })
  .describe(
    'Placeholders: `{name}` for a path parameter, `{*}` for the rest after a wildcard, `{path}` for the whole path, `{secrets.NAME}` for a secret, `{oauth.token}` for the token of an `oauth.token` step, `{auth.consumer}`, `{auth.key}` and `{auth.claims.NAME}` for the caller.',
  )

/** The headers that a spec sets, by name. Names become lower case. */
export function byName<Value extends z.ZodType>(value: Value) {
  return z
    .record(z.string(), value)
    .superRefine((headers, check) => {
      const names = Object.keys(headers)
      if (names.length > HEADERS_MAX) check.addIssue(`At most ${HEADERS_MAX} headers can be set.`)
      const seen = new Set<string>()
      for (const name of names.slice(0, HEADERS_MAX)) {
        const message = headerNameProblem(name, seen)
        if (message !== undefined) check.addIssue({ code: 'custom', path: [name], message })
        seen.add(name.toLowerCase())
      }
    })
    .transform((headers) =>
      Object.fromEntries(Object.entries(headers).map(([name, text]) => [name.toLowerCase(), text])),
    )
}

/** Headers of a response, with their literal values. */
export const headerFields = byName(headerValue)

/** Headers of a response, with their literal values; null for one that it does not have. */
export const responseHeaderFields = byName(headerValue.nullable())

/** Headers of the message, each with an expression for its value. */
export const headerExpressions = byName(expression)

/** What is wrong with the name of a header that a spec sets, beside those seen before it. */
function headerNameProblem(name: string, seen: ReadonlySet<string>): string | undefined {
  const parsed = headerToken.safeParse(name)
  if (!parsed.success) return parsed.error.issues[0]?.message
  const lower = name.toLowerCase()
  if (seen.has(lower)) return 'This header is a duplicate; names are case-insensitive.'
  if (lower.startsWith('x-sallyport-')) return 'Only the gateway sets x-sallyport-* headers.'
  if (TRACE_HEADERS.includes(lower)) return 'Only the gateway sets this header, to continue the trace.'
  if (CONNECTION_HEADERS.includes(lower)) return 'This header belongs to the connection and cannot be set.'
  return undefined
}

import { parseHeaderTemplate } from '@sallyport/core'
import { z } from 'zod'
import { expression } from './expression.ts'

const HEADER_NAME_CHARS_MAX = 100
const HEADER_VALUE_CHARS_MAX = 4096
const HEADERS_MAX = 50

/** RFC 9110 section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** RFC 9110 section 5.5 without obs-text: no line break, no space at the ends. */
const FIELD_VALUE = /^(?:[!-~](?:[\t -~]*[!-~])?)?$/

/** They are about one connection (RFC 9110 section 7.6.1) or about how a message is framed, so a spec cannot set them. */
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

/** The name of a header as RFC 9110 has it, whatever it is used for. */
export const headerToken = z
  .string()
  .max(HEADER_NAME_CHARS_MAX)
  .regex(TOKEN, "A header name is made of letters, digits and !#$%&'*+-.^_`|~.")

const headerValue = z
  .string()
  .max(HEADER_VALUE_CHARS_MAX)
  .regex(FIELD_VALUE, 'A header value is printable ASCII without line breaks and without spaces at the ends.')

const headerTemplate = headerValue
  .superRefine((text, check) => {
    // What does not print was told already.
    if (!FIELD_VALUE.test(text)) return
    for (const problem of parseHeaderTemplate(text).problems) check.addIssue(problem)
  })
  .describe('With `{name}` for a path parameter, `{*}` for the rest behind a wildcard, `{secrets.NAME}`.')

/** Headers that a spec sets, by name. Names become lower case. */
function byName<Value extends z.ZodType<string>>(value: Value) {
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

/** Headers of an answer, as they are sent. */
export const headerFields = byName(headerValue)

/** Headers for an upstream, with places in their values. */
export const headerTemplates = byName(headerTemplate)

/** Headers of the message, each made by an expression. */
export const headerExpressions = byName(expression)

function headerNameProblem(name: string, seen: ReadonlySet<string>): string | undefined {
  const parsed = headerToken.safeParse(name)
  if (!parsed.success) return parsed.error.issues[0]?.message
  const lower = name.toLowerCase()
  if (seen.has(lower)) return 'This header is there twice; names do not differ by case.'
  if (lower.startsWith('x-sallyport-')) return 'Headers x-sallyport-* are set by the gateway alone.'
  if (CONNECTION_HEADERS.includes(lower)) return 'This header is about the connection and cannot be set.'
  return undefined
}

import { neverReachesUpstream, type HeaderChoice, type HeaderRule } from '@sallyport/core'
import { z } from 'zod'
import { byName, headerTemplate, headerToken } from './header-fields.ts'

const LINES_MAX = 16
const CHOICES_MAX = 500
const CHOICE_CHARS_MAX = 200

/**
 * A schema of its own at each call: the OpenAPI document loses a transformed alternative of a union that another union has
 * too, because its generator drops what is still empty when it comes to the second one.
 */
const choice = () =>
  z
    .strictObject({
      by: z
        .enum(['consumer', 'key'])
        .describe('What the value depends on: the name of the consumer, or the id of the key.'),
      values: z
        .record(z.string().min(1).max(CHOICE_CHARS_MAX), headerTemplate)
        .refine(
          (values) => Object.keys(values).length <= CHOICES_MAX,
          `At most ${CHOICES_MAX} values can be listed.`,
        )
        .describe('The values, by the name of a consumer or the id of a key.'),
      otherwise: headerTemplate
        .optional()
        .describe('The value for all others; without one, they have no such header.'),
    })
    .transform(({ by, values, otherwise }): HeaderChoice => ({ by, values, otherwise: otherwise ?? null }))

const appended = z.strictObject({
  append: z
    .array(
      headerTemplate.refine(
        (text) => !text.includes('{auth.'),
        'A caller could send this header too. Set it instead, so that only the gateway states who calls.',
      ),
    )
    .min(1)
    .max(LINES_MAX)
    .describe("Lines to send after the caller's."),
})

const renamed = z.strictObject({
  from: headerToken
    .superRefine((name, check) => {
      if (headerToken.safeParse(name).success && neverReachesUpstream(name)) {
        check.addIssue('The gateway does not pass on this header, so there is nothing to send.')
      }
    })
    .describe('The header of the caller that is sent under this name, and no longer under its own.'),
})

/** Its problems are reported after the choice between the forms, so that they have its place. */
const text = z.string().describe(headerTemplate.description ?? '')

function checkText(rule: unknown, check: z.RefinementCtx): void {
  const parsed = typeof rule === 'string' ? headerTemplate.safeParse(rule) : undefined
  for (const { message } of parsed?.error?.issues ?? []) check.addIssue(message)
}

/** What an upstream gets under the names of headers, beside and instead of the headers of the caller. */
export const proxyHeaders = byName(
  z
    .union(
      [text, z.null(), appended, renamed, choice()],
      'A header is a text, null to remove it, or an object with `append`, with `from`, or with `by` and `values`.',
    )
    .superRefine(checkText),
).superRefine((headers: Readonly<Record<string, HeaderRule>>, check) => {
  const seen = new Set<string>()
  for (const [name, rule] of Object.entries(headers)) {
    if (rule === null || typeof rule === 'string' || !('from' in rule)) continue
    const from = rule.from.toLowerCase()
    if (seen.has(from)) {
      const message = 'Another header is sent from this one already.'
      check.addIssue({ code: 'custom', path: [name, 'from'], message })
    }
    seen.add(from)
  }
})

/** The headers of a request that has none of the caller. */
export const callHeaders = byName(
  z
    .union(
      [text, z.null(), choice()],
      'A header is a text, null for none, or an object with `by` and `values`. A call has no headers of the caller to rename or append to.',
    )
    .superRefine(checkText),
)

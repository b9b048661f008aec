import {
  RETRY_AFTER_SECONDS_DEFAULT,
  RETRY_AFTER_SECONDS_MAX,
  type Deprecation,
  type EntryRules,
  type Maintenance,
} from '@sallyport/core'
import { z } from 'zod'
import { addressRules } from '../fields/address-rules.ts'
import { timestampToMs } from '../fields/timestamp.ts'

const DETAIL_CHARS_MAX = 500
const LINK_CHARS_MAX = 2000

const maintenance = z.strictObject({
  detail: z
    .string()
    .trim()
    .min(1)
    .max(DETAIL_CHARS_MAX)
    .nullable()
    .default(null)
    .describe('What callers are told, as sentences; null for the usual one.'),
  retryAfterSeconds: z
    .int()
    .min(1)
    .max(RETRY_AFTER_SECONDS_MAX)
    .default(RETRY_AFTER_SECONDS_DEFAULT)
    .describe('When callers may try again, in seconds: the header `Retry-After`.'),
  exceptAddresses: addressRules
    .default([])
    .describe('Addresses and ranges whose callers are served all the same.'),
})

const link = z
  .string()
  .max(LINK_CHARS_MAX)
  .refine(isLink, 'Use an absolute URL with https or http, without spaces and angle brackets.')
  .nullable()
  .default(null)

const deprecation = z
  .strictObject({
    since: timestampToMs.describe('Since when callers should not rely on the pipeline. It can lie ahead.'),
    sunset: timestampToMs.nullable().default(null).describe('When the pipeline will end; null if unknown.'),
    link: link.describe('The URL of a page that explains it.'),
    successor: link.describe('The URL of what replaces the pipeline.'),
  })
  .refine(({ since, sunset }) => sunset === null || sunset >= since, {
    path: ['sunset'],
    error: 'The end cannot be before the deprecation.',
  })
  .transform(({ since, sunset, ...links }): Deprecation => ({
    since: new Date(since).toISOString(),
    sunset: sunset === null ? null : new Date(sunset).toISOString(),
    ...links,
  }))

/** The fields of a trigger that say who may call at all, and for how long. */
export const entryRuleFields = {
  addressRules: addressRules
    .default([])
    .describe(
      'The addresses and ranges that callers must have, with any credential; empty for every address.',
    ),
  maintenance: maintenance
    .nullable()
    .default(null)
    .describe('While it is not null, callers get 503, and nothing runs.'),
  deprecation: deprecation
    .nullable()
    .default(null)
    .describe('That callers should move away: every response says so.'),
}

interface EntryDraft {
  readonly addressRules: readonly string[]
  readonly maintenance: Maintenance | null
  readonly deprecation: Deprecation | null
}

/** Leaves out what a trigger does not use. */
export function usedEntryRules({
  addressRules: rules,
  maintenance: mode,
  deprecation: end,
}: EntryDraft): EntryRules & { readonly deprecation?: Deprecation } {
  return {
    ...(rules.length > 0 && { addressRules: rules }),
    ...(mode !== null && { maintenance: mode }),
    ...(end !== null && { deprecation: end }),
  }
}

/** Headers of the response that a deprecation sets. */
const DEPRECATION_HEADERS: ReadonlySet<string> = new Set(['deprecation', 'sunset'])

/** Reports response headers that contradict `deprecation`. */
export function checkDeprecationHeaders(
  {
    deprecation: end,
    responseHeaders,
  }: {
    readonly deprecation: Deprecation | null
    readonly responseHeaders: Readonly<Record<string, string | null>>
  },
  check: z.RefinementCtx,
): void {
  if (end === null) return
  for (const name of Object.keys(responseHeaders)) {
    if (!DEPRECATION_HEADERS.has(name.toLowerCase())) continue
    const message = `Remove this header: \`deprecation\` sets it.`
    check.addIssue({ code: 'custom', path: ['responseHeaders', name], message })
  }
}

/** Whether a text can stand between the angle brackets of a `Link` header (RFC 8288 section 3). */
function isLink(text: string): boolean {
  return /^https?:\/\/[!-~]+$/i.test(text) && !/[<>"\\^`{|}]/.test(text) && URL.canParse(text)
}

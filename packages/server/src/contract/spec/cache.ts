import {
  CACHE_HEADERS_DEFAULT,
  CACHE_SECONDS_MAX,
  neverReachesUpstream,
  ruleTemplates,
  type CacheRules,
  type HeaderRule,
} from '@sallyport/core'
import { z } from 'zod'
import { headerToken } from './header-fields.ts'

const CACHE_HEADERS_MAX = 20

/** Headers that the cache itself answers by, so that they do not pass. */
const OF_THE_CACHE: readonly string[] = [
  'cache-control',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'pragma',
  'range',
]

const passing = headerToken
  .superRefine((name, check) => {
    // Reported already.
    if (!headerToken.safeParse(name).success) return
    if (neverReachesUpstream(name)) {
      check.addIssue(
        'The gateway does not pass on this header as the caller sent it, so it can be no part of the key. Remove it here.',
      )
    } else if (OF_THE_CACHE.includes(name.toLowerCase())) {
      check.addIssue('The cache itself answers by this header. Remove it here.')
    }
  })
  .transform((name) => name.toLowerCase())

/** How responses of an upstream are stored. */
export const cacheRules = z
  .strictObject({
    seconds: z
      .int()
      .min(0)
      .max(CACHE_SECONDS_MAX)
      .default(0)
      .describe(
        'How long a response is fresh that says nothing about it, in seconds; 0 to leave that to the upstream.',
      ),
    shared: z
      .boolean()
      .default(false)
      .describe('Whether all callers share responses. The upstream then does not learn who calls.'),
    headers: z
      .array(passing)
      .max(CACHE_HEADERS_MAX)
      .refine((list) => new Set(list).size === list.length, 'A header is listed twice.')
      .default([...CACHE_HEADERS_DEFAULT])
      .describe(
        'The headers of the caller that pass to the upstream. A response is stored for each combination of their values, and no other header passes.',
      ),
  })
  .transform(({ seconds, shared, headers }): CacheRules => ({ seconds, isShared: shared, headers }))

/** Reports headers that tell the upstream who calls although all callers share its responses. */
export function checkCache(
  {
    cache,
    headers,
    targets = [],
  }: {
    readonly cache?: CacheRules | undefined
    readonly headers: Readonly<Record<string, HeaderRule>>
    readonly targets?:
      | readonly { readonly when: { readonly consumers: readonly string[] } | null }[]
      | undefined
  },
  check: z.RefinementCtx,
): void {
  if (cache?.isShared !== true) return
  const message = 'Callers share the responses, so none may depend on the caller. Remove this, or `shared`.'
  for (const [name, rule] of Object.entries(headers)) {
    const isByCaller = typeof rule === 'object' && rule !== null && 'by' in rule
    if (!isByCaller && !ruleTemplates(rule).some(({ text }) => text.includes('{auth.'))) continue
    check.addIssue({ code: 'custom', path: ['headers', name], message })
  }
  for (const [index, { when }] of targets.entries()) {
    if (when === null || when.consumers.length === 0) continue
    check.addIssue({ code: 'custom', path: ['targets', index, 'when', 'consumers'], message })
  }
}

import { FRESHNESS, KEY_SEARCH_CHARS_MAX, parseKeySearch } from '@sallyport/core'
import { z } from 'zod'
import { labelFilters } from '../fields/labels.ts'
import { reference } from '../fields/names.ts'
import { pageQuery } from '../fields/paging.ts'
import { documentedString, optionalQueryInteger, parsed, queryBoolean } from '../fields/parsed.ts'

/** Ten years. */
const DAYS_MAX = 3650

const days = optionalQueryInteger({ minimum: 1, maximum: DAYS_MAX })

/** The query of the list of keys. */
export const keyFilter = pageQuery.extend({
  search: parsed(documentedString({ minLength: 1, maxLength: KEY_SEARCH_CHARS_MAX }), parseKeySearch)
    .optional()
    .describe(
      'Only keys where each word of this text begins a word of the name, the id, the value of a label, or the end of a `hint`. Capitals do not matter.',
    ),
  type: z.enum(['public', 'secret']).optional().describe('Only keys of this type.'),
  state: z
    .enum(['active', 'rolling', 'inactive', 'expired', 'deleted'])
    .optional()
    .describe('Only keys in this state.'),
  environment: reference.optional().describe('Only keys of this environment.'),
  consumer: reference.optional().describe('Only keys of the consumer with this id.'),
  role: reference.optional().describe('Only keys with this role.'),
  label: labelFilters.describe(
    'Only keys with this label of their own: `team:payments`, or `team` for any value. Repeat it to demand several.',
  ),
  freshness: z.enum(FRESHNESS).optional().describe('Only keys with this freshness.'),
  expiresWithinDays: days.describe(
    'Only keys that have not expired, and do so within so many days, by `expiresAt` or `lifetimeEndsAt`.',
  ),
  unusedForDays: days.describe(
    'Only keys whose last use was so many days ago; if there was none, their creation.',
  ),
  neverUsed: queryBoolean()
    .optional()
    .describe('`true`: only keys that were never used. `false`: only keys that were.'),
  oldSecretUsed: queryBoolean()
    .optional()
    .describe(
      'Only rolling keys. `true`: those whose old secret was used in the last hour. `false`: the others.',
    ),
  includeDeleted: queryBoolean().default(false).describe('Whether deleted keys are listed too.'),
  sort: z
    .enum([
      'createdAt',
      '-createdAt',
      'expiresAt',
      '-expiresAt',
      'lastUsedAt',
      '-lastUsedAt',
      'name',
      '-name',
    ])
    .default('createdAt')
    .describe(
      'The order; with `-`, the reverse. Keys that never expire come after the others, and keys that were never used before them.',
    ),
})

/** The query of an export, which has every key in the order of their creation. */
export const keyExportFilter = keyFilter.omit({ limit: true, cursor: true, sort: true })

import {
  type CheckedLabels,
  LABEL_FILTER_CHARS_MAX,
  LABEL_FILTERS_MAX,
  LABEL_NAME,
  LABEL_VALUE_CHARS_MAX,
  LABELS_MAX,
  parseLabelFilter,
  parseLabels,
} from '@sallyport/core'
import { z } from 'zod'
import { documentedString, parsed } from './parsed.ts'

/** The labels of a key or a consumer in a request. A change replaces all of them. */
export const labels = z
  .record(z.string(), z.string())
  .meta({
    maxProperties: LABELS_MAX,
    propertyNames: { pattern: LABEL_NAME.source },
    additionalProperties: { type: 'string', maxLength: LABEL_VALUE_CHARS_MAX },
  })
  .transform((given, check): CheckedLabels => {
    const result = parseLabels(Object.entries(given))
    if (result.ok) return result.value
    for (const { name, problem } of result.problems) {
      check.addIssue({ code: 'custom', path: name === null ? [] : [name], message: problem })
    }
    return z.NEVER
  })

/** Labels in a response. */
export const labelsAnswer = z.record(z.string(), z.string())

const labelFilter = parsed(
  documentedString({ minLength: 1, maxLength: LABEL_FILTER_CHARS_MAX }),
  parseLabelFilter,
)

/** A query parameter that can be repeated. A query has a text for one value, and a list for several. */
export const labelFilters = z
  .preprocess(
    (given) => (typeof given === 'string' ? [given] : given),
    z.array(labelFilter).max(LABEL_FILTERS_MAX),
  )
  .optional()

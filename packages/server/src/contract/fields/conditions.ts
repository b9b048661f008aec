import { z } from 'zod'

const NEXT = 'The ETag of the last answer that you saw, or `*`.'

/** The headers of a change of one resource (RFC 9110 section 13.1). */
export const conditionHeaders = z.looseObject({
  'if-match': z
    .string()
    .optional()
    .describe(`Changes the resource only if it is still the same, else 412 \`precondition_failed\`. ${NEXT}`),
  'if-none-match': z
    .string()
    .optional()
    .describe('Changes the resource only if it is none of these. `*`: only if there is none yet.'),
})

import { z } from 'zod'

const PAGE_LIMIT_DEFAULT = 50
const PAGE_LIMIT_MAX = 200
const CURSOR_CHARS_MAX = 1000

/** What every list takes: `limit` and `cursor`. */
export const pageQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(PAGE_LIMIT_MAX)
    .default(PAGE_LIMIT_DEFAULT)
    .describe('The most items of the answer.'),
  cursor: z
    .string()
    .min(1)
    .max(CURSOR_CHARS_MAX)
    .regex(/^[!-~]*$/, 'Send what `next` of the page before said.')
    .optional()
    .describe('What `next` of the page before said.'),
})

/** What every list answers with. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next: z.string().nullable() })
}

import { z } from 'zod'
import { queryInteger } from './parsed.ts'

const PAGE_LIMIT_DEFAULT = 50
const PAGE_LIMIT_MAX = 200
const CURSOR_CHARS_MAX = 1000

/** The query of every list. */
export const pageQuery = z.strictObject({
  limit: queryInteger({ minimum: 1, maximum: PAGE_LIMIT_MAX, default: PAGE_LIMIT_DEFAULT }).describe(
    'The most items in the response.',
  ),
  cursor: z
    .string()
    .min(1)
    .max(CURSOR_CHARS_MAX)
    .regex(/^[!-~]*$/, 'Send the `next` value of the previous page.')
    .optional()
    .describe('The `next` value of the previous page.'),
})

/** The response of every list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item).describe('The items of this page.'),
    next: z
      .string()
      .nullable()
      .describe('Send it as `cursor` to get the following page; null on the last page.'),
  })
}

/** The response of a list that counts its items. */
export function countedPageOf<Item extends z.ZodType>(item: Item) {
  return pageOf(item).extend({
    total: z.int().describe('How many items all pages have together; at least so many if it is not exact.'),
    totalIsExact: z.boolean().describe('Whether `total` is exact.'),
  })
}

import { z } from 'zod'

/** Printable ASCII, like the header field of draft-ietf-httpapi-idempotency-key-header. */
export const idempotencyKey = z
  .string()
  .regex(/^[!-~](?:[ -~]{0,253}[!-~])?$/, 'An Idempotency-Key has 1 to 255 printable ASCII characters.')

/** The headers of a POST. */
export const postHeaders = z.looseObject({
  'idempotency-key': idempotencyKey
    .optional()
    .describe('A repeated request with the same key takes effect only once within 24 hours.'),
})

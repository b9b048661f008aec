import { z } from 'zod'

/** Printable ASCII, as the header field of draft-ietf-httpapi-idempotency-key-header. */
export const idempotencyKey = z
  .string()
  .regex(/^[!-~](?:[ -~]{0,253}[!-~])?$/, 'An Idempotency-Key is 1 to 255 printable ASCII characters.')

/** The headers of a POST. */
export const postHeaders = z.looseObject({
  'idempotency-key': idempotencyKey
    .optional()
    .describe('Repeating a request with the same key within 24 hours does nothing twice.'),
})

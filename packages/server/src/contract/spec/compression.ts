import { COMPRESSION_BYTES_DEFAULT, COMPRESSION_TYPES_DEFAULT, type CompressionRules } from '@sallyport/core'
import { z } from 'zod'
import { mediaTypes } from './media-types.ts'

const COMPRESSION_BYTES_MAX = 1_048_576

/** Which responses are compressed for callers that accept it. */
export const compressionRules = z
  .strictObject({
    minBytes: z
      .int()
      .min(0)
      .max(COMPRESSION_BYTES_MAX)
      .default(COMPRESSION_BYTES_DEFAULT)
      .describe('The smallest body that is compressed, in bytes.'),
    contentTypes: mediaTypes
      .default([...COMPRESSION_TYPES_DEFAULT])
      .describe(
        'The media types that are compressed, such as `application/json` or `text/*`. Default: text, JSON, XML, scripts and SVG.',
      ),
  })
  .transform((rules): CompressionRules => rules)

/** Reports compression of tokens: the length of a response would tell about them. */
export function checkCompression(
  { login, compression }: { readonly login: boolean; readonly compression?: unknown },
  check: z.RefinementCtx,
): void {
  if (!login || compression === undefined) return
  const message =
    'Remove it: a login pipeline responds with tokens, and the length of a compressed response tells about its content.'
  check.addIssue({ code: 'custom', path: ['compression'], message })
}

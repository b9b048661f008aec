import type { IncomingHttpHeaders } from 'node:http'
import { Problem } from '@sallyport/core'

const CODED = 'Send the body without `Content-Encoding`.'
const NOT_UTF8 = 'Send the body in UTF-8, and no other `charset`.'
/** RFC 9110 section 8.3.1. */
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i
/** US-ASCII is a part of UTF-8. */
const UTF8: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'us-ascii'])

/** @throws Problem `unsupported_media_type` for a body with a `Content-Encoding`, or announced in another charset */
export function requirePlainUtf8(headers: IncomingHttpHeaders): void {
  const coding = headers['content-encoding'] ?? 'identity'
  if (coding.toLowerCase() !== 'identity') throw new Problem('unsupported_media_type', { detail: CODED })
  const [, charset = 'utf-8'] = CHARSET.exec(headers['content-type'] ?? '') ?? []
  if (!UTF8.has(charset.toLowerCase())) throw new Problem('unsupported_media_type', { detail: NOT_UTF8 })
}

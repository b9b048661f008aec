import { parseStrictJson } from '@sallyport/core'

/** Far above real headers and claims sets; bounds recursion in later readers. */
export const JSON_DEPTH_MAX = 32

export type JsonObject = Readonly<Record<string, unknown>>

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Parses a JSON object that every reader interprets the same way, see core's `parseStrictJson` (RFC 7515 section 4, RFC
 * 7519 section 4): UTF-8 without a byte order mark (RFC 8259 section 8.1), with at most JSON_DEPTH_MAX levels.
 *
 * @returns undefined for any other input
 */
export function parseJsonObject(bytes: Uint8Array): JsonObject | undefined {
  let text: string
  try {
    text = UTF_8.decode(bytes)
  } catch {
    return undefined
  }
  const read = parseStrictJson(text, { depthMax: JSON_DEPTH_MAX })
  return read.fault === null && isJsonObject(read.value) ? read.value : undefined
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Narrows an optional string member of a parsed object. */
export function isOptionalString(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

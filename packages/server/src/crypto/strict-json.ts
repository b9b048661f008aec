import { exactJson, parseStrictJson } from '@sallyport/core'

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
  return parsed(bytes, (_text, value) => value)
}

/**
 * Like `parseJsonObject`, for an object that is written again: a number that JavaScript would write differently is a
 * `RawJson`.
 */
export function parseExactJsonObject(bytes: Uint8Array): JsonObject | undefined {
  return parsed(bytes, (text) => exactJson.parse(text, (number) => JSON.rawJSON(number)))
}

function parsed(
  bytes: Uint8Array,
  valueOf: (text: string, value: unknown) => unknown,
): JsonObject | undefined {
  let text: string
  try {
    text = UTF_8.decode(bytes)
  } catch {
    return undefined
  }
  const read = parseStrictJson(text, { depthMax: JSON_DEPTH_MAX })
  if (read.fault !== null || !isJsonObject(read.value)) return undefined
  return valueOf(text, read.value) as JsonObject
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Narrows an optional string member of a parsed object. */
export function isOptionalString(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

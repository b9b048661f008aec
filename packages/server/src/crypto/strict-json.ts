/** Far above real headers and claims sets; bounds recursion in later readers. */
export const JSON_DEPTH_MAX = 32

export type JsonObject = Readonly<Record<string, unknown>>

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Parses a JSON object that every reader interprets the same way: UTF-8 without a byte order mark (RFC 8259 section
 * 8.1), no duplicate members at any depth (RFC 7515 section 4, RFC 7519 section 4), no lone surrogates, which other
 * programs may replace (RFC 7493 section 2.1), and at most JSON_DEPTH_MAX levels.
 *
 * @returns undefined for any other input
 */
export function parseJsonObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const text = UTF_8.decode(bytes)
    const value: unknown = JSON.parse(text)
    return isJsonObject(value) && isUnambiguous(text) ? value : undefined
  } catch {
    return undefined
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Narrows an optional string member of a parsed object. */
export function isOptionalString(value: unknown): value is string | undefined {
  return value === undefined || typeof value === 'string'
}

/** The next structural character, or a whole string with its quotation marks. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g

/** @param text valid JSON, so that only structural characters and strings need to be recognized */
function isUnambiguous(text: string): boolean {
  /** The member names seen so far in each open object; null for an array. */
  const open: (Set<string> | null)[] = []
  let last = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null)
      if (open.length > JSON_DEPTH_MAX) return false
    } else if (token === '}' || token === ']') {
      open.pop()
    } else if (token === ':') {
      const names = open.at(-1)
      if (names === undefined || names === null || names.has(last)) return false
      names.add(last)
    } else {
      // "\u0061" and "a" are the same name, so names are compared unescaped.
      last = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1)
      if (!last.isWellFormed()) return false
    }
  }
  return true
}

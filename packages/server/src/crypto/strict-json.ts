/** No header and no claims set in use comes near it; what reads them after us may recurse. */
export const JSON_DEPTH_MAX = 32

export type JsonObject = Readonly<Record<string, unknown>>

const UTF_8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a JSON object whose meaning two readers cannot dispute: UTF-8 without a byte order mark (RFC 8259 section
 * 8.1), no member twice at any depth (RFC 7515 section 4, RFC 7519 section 4), no lone surrogates, which another
 * program would turn into something else (RFC 7493 section 2.1), and at most JSON_DEPTH_MAX levels.
 *
 * @returns undefined for anything else
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

/** The next character with a meaning of its own; a text counts as one, with its quotation marks. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/g

/** @param text known to be JSON, so that only braces and texts must be told apart */
function isUnambiguous(text: string): boolean {
  /** The names so far of each object that is open; null for an array. */
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
      // "\u0061" and "a" are the same name, so they are compared as what they stand for.
      last = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1)
      if (!last.isWellFormed()) return false
    }
  }
  return true
}

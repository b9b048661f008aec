import { isFramingHeader } from '../headers/hop-by-hop.ts'
import { IDENTITY_PREFIX } from '../headers/identity-headers.ts'
import type { HeaderLines } from './message.ts'

/** The most characters of one line of a header. */
const LINE_CHARS_MAX = 8192
/** The most lines of one header. */
const LINES_MAX = 64
/** RFC 9110 section 5.5, without what is not ASCII. */
const FIELD_VALUE = /^[\t -~]*$/

/** Whether a header of the answer, in lower case, is ours to say and not a step's. */
export function isOurs(name: string): boolean {
  return isFramingHeader(name) || name === 'x-request-id' || name.startsWith(IDENTITY_PREFIX)
}

/**
 * The lines of a header from a value: a text or a number, or a list of them for a line each.
 *
 * @returns null where the value cannot be a header's
 */
export function headerLines(value: unknown): HeaderLines | null {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (items.length > LINES_MAX) return null
  const lines: string[] = []
  for (const item of items) {
    if (typeof item !== 'string' && typeof item !== 'number') return null
    const line = String(item).trim()
    if (line.length > LINE_CHARS_MAX || !FIELD_VALUE.test(line)) return null
    lines.push(line)
  }
  return lines
}

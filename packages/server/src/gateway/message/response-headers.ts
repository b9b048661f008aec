import { IDENTITY_PREFIX } from '@sallyport/core'
import { isFramingHeader } from '../headers/hop-by-hop.ts'
import type { HeaderLines } from './message.ts'
import { numberText } from './number-text.ts'

/** The maximum length of one header line. */
const LINE_CHARS_MAX = 8192
/** The maximum number of lines of one header. */
const LINES_MAX = 64
/** RFC 9110 section 5.5, restricted to ASCII. */
const FIELD_VALUE = /^[\t -~]*$/

/** Whether only the gateway may set a response header, given in lower case. */
export function isReservedHeader(name: string): boolean {
  return isFramingHeader(name) || name === 'x-request-id' || name.startsWith(IDENTITY_PREFIX)
}

/**
 * Converts a value to header lines: a string or number to one line, an array of them to one line each.
 *
 * @returns null if the value cannot be a header
 */
export function headerLines(value: unknown): HeaderLines | null {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (items.length > LINES_MAX) return null
  const lines: string[] = []
  for (const item of items) {
    const line = typeof item === 'string' ? item.trim() : numberText(item)
    if (line === undefined || line.length > LINE_CHARS_MAX || !FIELD_VALUE.test(line)) return null
    lines.push(line)
  }
  return lines
}

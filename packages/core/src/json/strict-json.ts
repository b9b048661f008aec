import { closingQuote } from './closing-quote.ts'
import { exactJson } from './exact-json.ts'

/** Why JSON is refused. `syntax` is invalid JSON; every other kind is valid, but readers disagree about it. */
export type JsonFault = 'syntax' | 'duplicate' | 'surrogate' | 'depth' | 'digits'

export type StrictJson = { readonly fault: null; readonly value: unknown } | JsonFaultFound

interface JsonFaultFound {
  readonly fault: JsonFault
  /** Where the fault is, in UTF-16 code units; 0 for `syntax`, which `syntaxFaultIndex` locates. */
  readonly index: number
  /** The second of two equal member names, for `duplicate` only. */
  readonly name?: string
}

export interface StrictJsonOptions {
  /** The most levels of nesting; unlimited if left out. */
  readonly depthMax?: number
  /** Whether numbers are refused that a JavaScript number cannot hold, see `ExactJson` (RFC 7493 section 2.2). */
  readonly exactNumbers?: boolean
}

/**
 * Parses JSON that every reader interprets the same way: no duplicate member names at any depth (RFC 8259 section 4, RFC
 * 7493 section 2.3), and no lone surrogates, which other programs may replace (RFC 7493 section 2.1). Everything that
 * reads JSON to decide something reads it with this function, so that no other program finds another value.
 *
 * @param text without a byte order mark (RFC 8259 section 8.1)
 */
export function parseStrictJson(text: string, options: StrictJsonOptions = {}): StrictJson {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { fault: 'syntax', index: 0 }
  }
  return findFault(text, options) ?? { fault: null, value }
}

const QUOTE = 0x22
const COLON = 0x3a
const COMMA = 0x2c
const MINUS = 0x2d
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const OPEN_ARRAY = 0x5b
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** @param text valid JSON, so that only structural characters, strings and numbers need to be recognized */
function findFault(
  text: string,
  { depthMax = Infinity, exactNumbers = false }: StrictJsonOptions,
): JsonFaultFound | undefined {
  /** The member names seen so far in each open object; null for an array. */
  const open: (Set<string> | null)[] = []
  let start = 0
  let end = 0
  /** The next backslash; found once, since searching it for every string would take quadratic time. */
  let backslash = -1
  let hasEscape = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index)
    if (character === QUOTE) {
      start = index
      end = closingQuote(text, index) + 1
      index = end - 1
      if (backslash < start) backslash = indexOrEnd(text, '\\', start)
      hasEscape = backslash < end
      if (hasEscape && !unquoted(text, start, end, true).isWellFormed()) {
        return { fault: 'surrogate', index: start }
      }
    } else if (character === COLON) {
      const names = open.at(-1)
      const name = unquoted(text, start, end, hasEscape)
      if (names?.has(name) !== false) return { fault: 'duplicate', index: start, name }
      names.add(name)
    } else if (character === OPEN_OBJECT || character === OPEN_ARRAY) {
      open.push(character === OPEN_OBJECT ? new Set() : null)
      if (open.length > depthMax) return { fault: 'depth', index }
    } else if (character === CLOSE_OBJECT || character === CLOSE_ARRAY) {
      open.pop()
    } else if (isNumberStart(character)) {
      const numberEnd = endOfNumber(text, index)
      if (exactNumbers && !isExactNumber(text.slice(index, numberEnd))) return { fault: 'digits', index }
      index = numberEnd - 1
    }
  }
  return undefined
}

function indexOrEnd(text: string, wanted: string, from: number): number {
  const index = text.indexOf(wanted, from)
  return index < 0 ? text.length : index
}

/** The value of a string. "\u0061" and "a" are the same name, so names are compared unescaped. */
function unquoted(text: string, start: number, end: number, hasEscape: boolean): string {
  return hasEscape ? (JSON.parse(text.slice(start, end)) as string) : text.slice(start + 1, end - 1)
}

function isNumberStart(character: number): boolean {
  return character === MINUS || (character >= DIGIT_0 && character <= DIGIT_9)
}

/** @returns the index after the last character of a number */
function endOfNumber(text: string, start: number): number {
  let end = start + 1
  for (let next = text.charCodeAt(end); end < text.length; next = text.charCodeAt(end)) {
    if (next === COMMA || next === CLOSE_ARRAY || next === CLOSE_OBJECT || next <= 0x20) break
    end += 1
  }
  return end
}

const INTEGER = /^-?\d+$/
/** The digits of the largest number, about 1.8e308. */
const INTEGER_CHARS_MAX = 310

/**
 * Whether programs read a number alike that keep all digits of an integer, and those that keep it like JavaScript.
 *
 * @param number JSON text
 */
export function isExactNumber(number: string): boolean {
  if (!exactJson.isHeld(number)) return false
  if (number.length < 16 || !INTEGER.test(number)) return true
  return number.length <= INTEGER_CHARS_MAX && BigInt(Number(number)) === BigInt(number)
}

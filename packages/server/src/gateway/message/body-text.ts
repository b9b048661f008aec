import { hasMoreValues, type JsonFault, parseStrictJson, pointerAt, syntaxFaultIndex } from '@sallyport/core'
import { charsetOf, charsetsOf, isJsonType, isTextType } from '../request/media-type.ts'
import { NO_BODY } from './message.ts'

/** A body as JSON text within a message, or the reason why it cannot be read. */
export type BodyText =
  | { readonly text: string }
  | { readonly fault: 'coding' }
  /** It has more values than `BODY_VALUES_MAX`. */
  | { readonly fault: 'values' }
  | JsonBodyFault

/**
 * The most values of JSON that is read: 8 MiB of `[[],[],…` would take the time of all other requests for a second, and these
 * take a tenth of it.
 */
export const BODY_VALUES_MAX = 250_000

/** JSON that cannot be passed on. */
export interface JsonBodyFault {
  readonly fault: 'json'
  /** A sentence that says what is wrong and where, without a value of the body. */
  readonly detail: string
  /** The value there, as a JSON Pointer; empty for the whole body, and where it is unknown. */
  readonly path: string
}

/**
 * Converts content to JSON text: JSON unchanged, text to a string, other content to a Base64 string, no content to `null`.
 * Text with an unknown character encoding or a content coding counts as other content.
 *
 * @param type the content type as received
 * @param coding the content coding (RFC 9110 section 8.4) as received
 */
export function bodyText(content: Buffer, type: string | undefined, coding: string | undefined): BodyText {
  if (content.length === 0) return { text: NO_BODY }
  // A decoded body could be much larger than the received one.
  const isCoded = coding !== undefined && coding.toLowerCase() !== 'identity'
  if (type !== undefined && isJsonType(type)) return isCoded ? { fault: 'coding' } : jsonText(content)
  const text =
    type === undefined || isCoded || !isTextType(type) ? undefined : decoded(content, charsetOf(type))
  return { text: JSON.stringify(text ?? content.toString('base64')) }
}

/**
 * Whether JSON reads differently in an encoding that its type names. JSON is UTF-8, and `charset` has no effect on it (RFC 8259
 * section 11), but some servers obey it: in Shift_JIS, `Á\\"` ends a string.
 */
export function hasOtherReading(content: Buffer, type: string | undefined): boolean {
  if (type === undefined || !isJsonType(type)) return false
  const text = decoded(content, 'utf-8')
  return charsetsOf(type).some((charset) => !UTF_8.test(charset) && decoded(content, charset) !== text)
}

/**
 * JSON is passed on unchanged if every reader finds the same value in it, see core's `parseStrictJson`: a step that
 * decides on one of two members of a name must not pass on a text in which an upstream reads the other. It must be UTF-8
 * (RFC 8259 section 8.1).
 */
function jsonText(content: Buffer): BodyText {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return { fault: 'json', detail: 'The body is not valid UTF-8. Send JSON in UTF-8.', path: '' }
  }
  if (hasMoreValues(text, BODY_VALUES_MAX)) return { fault: 'values' }
  const read = parseStrictJson(text)
  if (read.fault === null) return { text }
  const { fault } = read
  const index = fault === 'syntax' ? syntaxFaultIndex(text) : read.index
  const before = text.slice(0, index).split('\n')
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
  const path = fault === 'syntax' ? '' : pointerAt(text, index)
  return {
    fault: 'json',
    detail: `${JSON_FAULTS[fault]} (${place}).`,
    path: path.length > PATH_CHARS_MAX ? '' : path,
  }
}

/** The caller wrote the names in a path, and could write megabytes. */
const PATH_CHARS_MAX = 500
/** Depth and digits have no limit here: they are passed on. */
const JSON_FAULTS: Readonly<Record<JsonFault, string>> = {
  syntax: 'The body is not valid JSON. Correct it at this place',
  duplicate: 'An object in the body has two members of this name. Remove one of them',
  surrogate: 'A string in the body is not well-formed Unicode. Correct it',
  depth: 'The body is nested too deeply',
  digits: 'The body has a number that would lose digits',
}

const UTF_8 = /^utf-?8$/i

/** @returns undefined if the charset is not a label of the WHATWG Encoding Standard */
function decoded(content: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset).decode(content)
  } catch {
    return undefined
  }
}

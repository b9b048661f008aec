import { parseStrictJson } from '@sallyport/core'
import { charsetOf, isJsonType, isTextType } from '../request/media-type.ts'
import { NO_BODY } from './message.ts'

/** A body as JSON text within a message, or the reason why it cannot be read. */
export type BodyText = { readonly text: string } | { readonly fault: 'json' | 'coding' }

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
 * JSON is passed on unchanged if every reader finds the same value in it, see core's `parseStrictJson`: a step that
 * decides on one of two members of a name must not pass on a text in which an upstream reads the other. It must be UTF-8
 * (RFC 8259 section 8.1).
 */
function jsonText(content: Buffer): BodyText {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(content)
  } catch {
    return { fault: 'json' }
  }
  return parseStrictJson(text).fault === null ? { text } : { fault: 'json' }
}

/** @returns undefined if the charset is not a label of the WHATWG Encoding Standard */
function decoded(content: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset).decode(content)
  } catch {
    return undefined
  }
}

import { charsetOf, isJsonType, isTextType } from '../request/media-type.ts'
import { NO_BODY } from './message.ts'

/** What a body says as part of a message, as JSON text; or why it cannot be read. */
export type BodyText = { readonly text: string } | { readonly fault: 'json' | 'coding' }

/**
 * Content as part of a message: JSON as it is, text as a text, anything else as a text in Base64, nothing as `null`.
 * Text in an unknown character encoding, or in a content coding, is anything else.
 *
 * @param type the content type as it came
 * @param coding the content coding (RFC 9110 section 8.4) as it came
 */
export function bodyText(content: Buffer, type: string | undefined, coding: string | undefined): BodyText {
  if (content.length === 0) return { text: NO_BODY }
  // What a coding can unfold to is not bounded by what came.
  const isCoded = coding !== undefined && coding.toLowerCase() !== 'identity'
  if (type !== undefined && isJsonType(type)) return isCoded ? { fault: 'coding' } : jsonText(content)
  const text =
    type === undefined || isCoded || !isTextType(type) ? undefined : decoded(content, charsetOf(type))
  return { text: JSON.stringify(text ?? content.toString('base64')) }
}

/** JSON is in UTF-8 (RFC 8259 section 8.1). It goes on as it came, once it is known to be JSON. */
function jsonText(content: Buffer): BodyText {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(content)
    JSON.parse(text)
    return { text }
  } catch {
    return { fault: 'json' }
  }
}

/** @param charset a label of the WHATWG Encoding Standard; undefined is given for any other */
function decoded(content: Buffer, charset: string): string | undefined {
  try {
    return new TextDecoder(charset).decode(content)
  } catch {
    return undefined
  }
}

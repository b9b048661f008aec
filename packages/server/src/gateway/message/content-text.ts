import { exactJson } from '@sallyport/core'
import { isFormType, isJsonType } from '../request/media-type.ts'
import { numberText } from './number-text.ts'

/** The most characters of a form: as many as a message can have. */
const FORM_CHARS_MAX = 8 * 1024 * 1024

/**
 * The content for a body under a content type: a string as plain text under every type but JSON, any other value as JSON.
 *
 * @param body JSON text
 * @param type the content type; undefined for JSON
 */
export function contentText(body: string, type: string | undefined): string {
  const isPlain = type !== undefined && !isJsonType(type) && isString(body)
  return isPlain ? (JSON.parse(body) as string) : body
}

/** The content of a request, or why there is none. */
export type RequestContent = { readonly text: string } | { readonly fault: 'value' | 'too_large' }

/**
 * The content of a request, which is that of `contentText` except under the type of forms: there an object is encoded as
 * the URL standard says (section 5.2), and a value that is neither an object nor a string is a fault.
 *
 * @param body JSON text
 * @param type the content type; undefined for JSON
 */
export function requestContent(body: string, type: string | undefined): RequestContent {
  if (type === undefined || !isFormType(type) || isString(body)) return { text: contentText(body, type) }
  return formText(exactJson.parse(body, (number) => JSON.rawJSON(number)))
}

/** Lists repeat the name, and null counts as left out. */
function formText(value: unknown): RequestContent {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || JSON.isRawJSON(value)) {
    return { fault: 'value' }
  }
  const form = new URLSearchParams()
  for (const [name, given] of Object.entries(value)) {
    for (const item of Array.isArray(given) ? (given as unknown[]) : [given]) {
      if (item === null) continue
      const text = fieldText(item)
      if (text === undefined) return { fault: 'value' }
      form.append(name, text)
    }
  }
  const text = form.toString()
  return text.length > FORM_CHARS_MAX ? { fault: 'too_large' } : { text }
}

/** Undefined for an object or a list. */
function fieldText(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return typeof value === 'boolean' ? String(value) : numberText(value)
}

function isString(body: string): boolean {
  return body.trimStart().startsWith('"')
}

import { t } from '../../../texts/texts.ts'
import { hasExactNumbers } from '../spec/exact-number.ts'

/** The text of a value in a field for JSON. A text that is no JSON stands there as it is. */
export function jsonText(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' && parsedJson(value) === undefined
    ? value
    : JSON.stringify(value, undefined, 2)
}

/**
 * The value that a field for JSON stands for: the text itself while it is no JSON, so that nothing that was typed is lost.
 *
 * @param isRequired whether an empty text stays one; undefined takes its place otherwise
 */
export function jsonValue(text: string, isRequired: boolean): unknown {
  if (text.trim() === '') return isRequired ? '' : undefined
  const parsed = hasExactNumbers(text) ? parsedJson(text) : undefined
  return parsed === undefined ? text : parsed.value
}

/** Why a text is not the JSON that it should be; undefined if it is, or is empty. @param takesText whether it may be a text too */
export function jsonProblem(text: string, takesText: boolean): string | undefined {
  const { json } = t.specForm
  if (text.trim() === '') return undefined
  try {
    JSON.parse(text)
  } catch (error) {
    return takesText ? undefined : json.notJson(error instanceof Error ? error.message : '')
  }
  return hasExactNumbers(text) ? undefined : json.inexact
}

function parsedJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

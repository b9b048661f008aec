import { exactJson } from '@sallyport/core'
import { NUMBER_CHARS_MAX, numberOf } from './decimals.ts'

/**
 * Parses valid JSON for validation, with every digit of its numbers.
 *
 * @returns undefined if a number is too long to compare
 */
export function readValue(text: string): { readonly value: unknown } | undefined {
  let isTooLong = false
  const value = exactJson.parse(text, (number) => {
    isTooLong ||= number.length > NUMBER_CHARS_MAX
    return isTooLong ? 0 : numberOf(number)
  })
  return isTooLong ? undefined : { value }
}

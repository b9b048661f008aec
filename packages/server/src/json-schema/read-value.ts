import { exactJson } from '@sallyport/core'
import { ExactNumber, NUMBER_CHARS_MAX } from './decimals.ts'

/**
 * Parses valid JSON for validation, with every digit of its numbers.
 *
 * @returns undefined if a number is too long to compare
 */
export function readValue(text: string): { readonly value: unknown } | undefined {
  let isTooLong = false
  const value = exactJson.parse(text, (number) => {
    isTooLong ||= number.length > NUMBER_CHARS_MAX
    return new ExactNumber(number)
  })
  return isTooLong ? undefined : { value }
}

import { closingQuote } from './closing-quote.ts'

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_ARRAY = 0x5b
const OPEN_OBJECT = 0x7b

/**
 * Whether JSON has more than some number of values, without parsing it: a text of `[[],[],[]…` takes a hundred times as long to
 * parse as one string of the same length. Commas and opening brackets are counted, so an empty list or object counts twice.
 *
 * @param text of JSON; of other text it is only bounded how long this takes
 */
export function hasMoreValues(text: string, max: number): boolean {
  // Each of them takes a character.
  if (text.length <= max) return false
  let count = 1
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charCodeAt(index)
    if (character === QUOTE) {
      index = closingQuote(text, index)
      if (index < 0) return false
    } else if (character === COMMA || character === OPEN_ARRAY || character === OPEN_OBJECT) {
      count += 1
      if (count > max) return true
    }
  }
  return false
}

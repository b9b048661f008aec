const QUOTE = 0x22
const BACKSLASH = 0x5c
const SPACE = 0x20
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const ESCAPED = '"\\/bfnrt'
const LITERALS: readonly string[] = ['true', 'false', 'null']

/** What may come next. The second of each pair is right after the opening bracket, which may be closed at once. */
type Expected = 'value' | 'firstValue' | 'name' | 'firstName' | 'colon' | 'separator'

/**
 * Finds where a text stops being JSON (RFC 8259), which `JSON.parse` does not say for every fault.
 *
 * @param text not valid JSON
 * @returns the index of the first character that cannot follow, in UTF-16 code units; the length of the text if it ends
 *   too early
 */
export function syntaxFaultIndex(text: string): number {
  // An explicit stack: recursion would overflow on deep nesting.
  const open: ('}' | ']')[] = []
  let expected: Expected = 'value'
  let index = afterSpace(text, 0)
  while (index < text.length) {
    const character = text.charAt(index)
    let end = index + 1
    if (expected === 'colon') {
      if (character !== ':') return index
      expected = 'value'
    } else if (isClosed(expected, character, open)) {
      open.pop()
      expected = 'separator'
    } else if (expected === 'separator') {
      if (character !== ',' || open.length === 0) return index
      expected = open.at(-1) === '}' ? 'name' : 'value'
    } else if (expected === 'name' || expected === 'firstName') {
      if (character !== '"') return index
      const name = stringAt(text, index)
      if (name.isBroken) return name.end
      end = name.end
      expected = 'colon'
    } else if (character === '{' || character === '[') {
      open.push(character === '{' ? '}' : ']')
      expected = character === '{' ? 'firstName' : 'firstValue'
    } else {
      const scalar = scalarAt(text, index)
      if (scalar.isBroken) return scalar.end
      end = scalar.end
      expected = 'separator'
    }
    index = afterSpace(text, end)
  }
  return text.length
}

function isClosed(expected: Expected, character: string, open: readonly string[]): boolean {
  const mayClose = expected === 'separator' || expected === 'firstName' || expected === 'firstValue'
  return mayClose && open.length > 0 && character === open.at(-1)
}

function afterSpace(text: string, start: number): number {
  let index = start
  while (index < text.length && ' \t\n\r'.includes(text.charAt(index))) index += 1
  return index
}

/** A string, number or literal: where it ends, or where it is broken. */
interface Scanned {
  readonly end: number
  readonly isBroken: boolean
}

function scalarAt(text: string, start: number): Scanned {
  if (text.charCodeAt(start) === QUOTE) return stringAt(text, start)
  const literal = LITERALS.find((one) => one[0] === text[start])
  return literal === undefined ? numberAt(text, start) : literalAt(text, start, literal)
}

function stringAt(text: string, start: number): Scanned {
  for (let index = start + 1; index < text.length; index += 1) {
    const character = text.charCodeAt(index)
    if (character === QUOTE) return { end: index + 1, isBroken: false }
    if (character < SPACE) return { end: index, isBroken: true }
    if (character !== BACKSLASH) continue
    index += 1
    if (text[index] === 'u') {
      for (let digit = 0; digit < 4; digit += 1) {
        index += 1
        if (!/^[0-9a-f]$/i.test(text.charAt(index))) return { end: index, isBroken: true }
      }
    } else if (index < text.length && !ESCAPED.includes(text.charAt(index))) {
      return { end: index, isBroken: true }
    }
  }
  return { end: text.length, isBroken: true }
}

function literalAt(text: string, start: number, literal: string): Scanned {
  for (let offset = 1; offset < literal.length; offset += 1) {
    if (text[start + offset] !== literal[offset]) return { end: start + offset, isBroken: true }
  }
  return { end: start + literal.length, isBroken: false }
}

function numberAt(text: string, start: number): Scanned {
  let end = text[start] === '-' ? start + 1 : start
  if (!isDigit(text, end)) return { end, isBroken: true }
  // No digit follows a leading zero.
  end = text[end] === '0' ? end + 1 : afterDigits(text, end)
  if (text[end] === '.') {
    end += 1
    if (!isDigit(text, end)) return { end, isBroken: true }
    end = afterDigits(text, end)
  }
  if (text[end] === 'e' || text[end] === 'E') {
    end += 1
    if (text[end] === '+' || text[end] === '-') end += 1
    if (!isDigit(text, end)) return { end, isBroken: true }
    end = afterDigits(text, end)
  }
  return { end, isBroken: false }
}

function isDigit(text: string, index: number): boolean {
  const character = text.charCodeAt(index)
  return character >= DIGIT_0 && character <= DIGIT_9
}

function afterDigits(text: string, start: number): number {
  let end = start
  while (isDigit(text, end)) end += 1
  return end
}

declare global {
  /** JSON text that `JSON.stringify` writes unchanged. */
  interface RawJson {
    readonly rawJSON: string
  }

  // ECMAScript's "JSON.parse source text access", which TypeScript's libraries lack.
  interface JSON {
    /** @throws SyntaxError for text that is not a primitive value of JSON */
    rawJSON(text: string): RawJson
    isRawJSON(value: unknown): value is RawJson
  }
}

/** JSON whose numbers keep their text. */
export interface ExactJson {
  /** Whether JavaScript writes a number, given as JSON text, back as the same text. */
  readonly isCanonical: (number: string) => boolean
  /** Whether a JavaScript number has exactly the decimal value of a text, as `String` writes it: 1.50 and 1E2, but not 1e400. */
  readonly isHeld: (number: string) => boolean
  /** Compares the values of two numbers of any size, given as JSON text. The result is negative, 0 or positive. */
  readonly compare: (left: string, right: string) => number
  /**
   * Parses JSON like `JSON.parse`, except that each number whose text JavaScript would write differently is passed to a
   * function. It does not recurse, so deep nesting does not exhaust the stack.
   *
   * @param numberOf gets the text of the number and returns the value that takes its place
   * @throws SyntaxError
   */
  readonly parse: (text: string, numberOf: (number: string) => unknown) => unknown
}

/**
 * Makes functions for JSON with exact numbers. The source text of this function also runs in the sandbox of expressions, so
 * it references nothing outside itself except types.
 */
export function makeExactJson(): ExactJson {
  const QUOTE = 0x22
  const COMMA = 0x2c
  const MINUS = 0x2d
  const POINT = 0x2e
  const DIGIT_0 = 0x30
  const DIGIT_9 = 0x39
  const OPEN_ARRAY = 0x5b
  const BACKSLASH = 0x5c
  const CLOSE_ARRAY = 0x5d
  const LETTER_F = 0x66
  const LETTER_N = 0x6e
  const LETTER_T = 0x74
  const OPEN_OBJECT = 0x7b
  const CLOSE_OBJECT = 0x7d

  /** JavaScript writes every number with at most this many digits, however its text was written. */
  const DIGITS_MAX = 17
  /** JavaScript writes no number with more characters, such as -0.0000012345678901234567 and -1.2345678901234567e-300. */
  const CANONICAL_CHARS_MAX = 25
  /** Every number with at most this many digits is held. */
  const SURE_CHARS_MAX = 15
  /** How numbers start that JavaScript writes with an exponent. */
  const SMALL = '0.000000'
  const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/

  /** The value ±0.DIGITS × 10^exponent; zero has no digits. */
  interface Decimal {
    readonly sign: -1 | 1
    /** Without zeros at the start and the end. */
    readonly digits: string
    readonly exponent: bigint
  }

  function decimal(number: string): Decimal {
    const [, minus, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(number) ?? []
    const all = whole + fraction
    let start = 0
    while (all.charCodeAt(start) === DIGIT_0) start += 1
    let end = all.length
    while (end > start && all.charCodeAt(end - 1) === DIGIT_0) end -= 1
    if (start === end) return { sign: 1, digits: '', exponent: 0n }
    return {
      sign: minus === '-' ? -1 : 1,
      digits: all.slice(start, end),
      exponent: BigInt(exponent) + BigInt(whole.length - start),
    }
  }

  function compare(left: string, right: string): number {
    const [a, b] = [decimal(left), decimal(right)]
    if (a.digits === '' || b.digits === '') {
      return (a.digits === '' ? 0 : a.sign) - (b.digits === '' ? 0 : b.sign)
    }
    if (a.sign !== b.sign) return a.sign
    if (a.exponent !== b.exponent) return a.exponent > b.exponent ? a.sign : -a.sign
    if (a.digits === b.digits) return 0
    return a.digits > b.digits ? a.sign : -a.sign
  }

  function isCanonical(number: string): boolean {
    // No canonical number is longer; this also spares long ones the conversion.
    return number.length <= CANONICAL_CHARS_MAX && String(Number(number)) === number
  }

  function isHeld(number: string): boolean {
    if (number.length <= SURE_CHARS_MAX && !/[eE]/.test(number)) return true
    const value = Number(number)
    if (!Number.isFinite(value)) return false
    if (value !== 0) {
      const { digits } = decimal(number.slice(0, number.search(/[eE]|$/)))
      return digits.length <= DIGITS_MAX && compare(number, String(value)) === 0
    }
    // A number too close to zero becomes zero. Its exponent can be too long to compute with.
    return !/^-?[0.]*[1-9]/.test(number)
  }

  /** Whether a quotation mark follows an odd number of backslashes. */
  function isEscaped(text: string, quote: number): boolean {
    let first = quote
    while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1
    return (quote - first) % 2 === 1
  }

  /** @returns the index of the closing quotation mark */
  function endOfString(text: string, start: number): number {
    let end = text.indexOf('"', start + 1)
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1)
    return end
  }

  function isNumberStart(character: number): boolean {
    return character === MINUS || (character >= DIGIT_0 && character <= DIGIT_9)
  }

  function endOfNumber(text: string, start: number): number {
    let end = start + 1
    for (let next = text.charCodeAt(end); end < text.length; next = text.charCodeAt(end)) {
      if (next <= 0x20 || next === COMMA || next === CLOSE_ARRAY || next === CLOSE_OBJECT) break
      end += 1
    }
    return end
  }

  /** Whether a number could be one that is not canonical; false only if it is canonical. */
  function isSuspect(text: string, start: number, end: number): boolean {
    const isNegative = text.charCodeAt(start) === MINUS
    const first = isNegative ? start + 1 : start
    if (end - first > SURE_CHARS_MAX) return true
    let isFraction = false
    for (let index = first; index < end; index += 1) {
      const character = text.charCodeAt(index)
      if (character === POINT) isFraction = true
      else if (character > DIGIT_9) return true
    }
    if (isFraction) return text.charCodeAt(end - 1) === DIGIT_0 || text.startsWith(SMALL, first)
    return isNegative && text.charCodeAt(first) === DIGIT_0
  }

  /** Whether valid JSON has a suspect number. It takes a third of the time of `JSON.parse`. */
  function hasSuspect(text: string): boolean {
    for (let index = 0; index < text.length; index += 1) {
      const character = text.charCodeAt(index)
      if (character === QUOTE) index = endOfString(text, index)
      else if (isNumberStart(character)) {
        const end = endOfNumber(text, index)
        if (isSuspect(text, index, end)) return true
        index = end - 1
      }
    }
    return false
  }

  type Container = unknown[] | Record<string, unknown>

  /** @param text valid JSON with a suspect number */
  function scan(text: string, numberOf: (number: string) => unknown): unknown {
    const around: { readonly into: Container | undefined; readonly name: string }[] = []
    let root: unknown
    let into: Container | undefined
    let name = ''
    let isName = false
    /** The next backslash; found once, since searching it for every string would take quadratic time. */
    let backslash = -1

    function put(value: unknown): void {
      if (into === undefined) root = value
      else if (Array.isArray(into)) into.push(value)
      else if (name !== '__proto__') into[name] = value
      else {
        Object.defineProperty(into, name, { value, writable: true, enumerable: true, configurable: true })
      }
    }

    for (let index = 0; index < text.length; index += 1) {
      const character = text.charCodeAt(index)
      if (character === QUOTE) {
        const end = endOfString(text, index)
        if (backslash < index) {
          backslash = text.indexOf('\\', index)
          if (backslash < 0) backslash = text.length
        }
        const string =
          backslash < end ? (JSON.parse(text.slice(index, end + 1)) as string) : text.slice(index + 1, end)
        index = end
        if (isName) name = string
        else put(string)
        isName = false
      } else if (character === COMMA) {
        isName = !Array.isArray(into)
      } else if (character === OPEN_OBJECT || character === OPEN_ARRAY) {
        const opened: Container = character === OPEN_OBJECT ? {} : []
        put(opened)
        around.push({ into, name })
        into = opened
        isName = character === OPEN_OBJECT
      } else if (character === CLOSE_OBJECT || character === CLOSE_ARRAY) {
        ;({ into, name } = around.pop() ?? { into: undefined, name: '' })
        isName = false
      } else if (isNumberStart(character)) {
        const end = endOfNumber(text, index)
        const number = text.slice(index, end)
        index = end - 1
        put(isCanonical(number) ? Number(number) : numberOf(number))
      } else if (character === LETTER_T) {
        put(true)
        index += 'rue'.length
      } else if (character === LETTER_F) {
        put(false)
        index += 'alse'.length
      } else if (character === LETTER_N) {
        put(null)
        index += 'ull'.length
      }
    }
    return root
  }

  function parse(text: string, numberOf: (number: string) => unknown): unknown {
    const value: unknown = JSON.parse(text)
    return hasSuspect(text) ? scan(text, numberOf) : value
  }

  return { isCanonical, isHeld, compare, parse }
}

/** JSON with exact numbers, for this realm. */
export const exactJson: ExactJson = makeExactJson()

import type { ExactJson } from '@sallyport/core'

/** How JSONata, and the program of the sandbox, handle numbers whose text a JavaScript number would change. */
export interface SandboxNumbers {
  /** The code of the error that JSONata throws for a number that cannot be computed with. */
  readonly refused: string
  /** Whether a value is a number with a text of its own. */
  is(value: unknown): boolean
  /** @throws an error with the code `refused` for a number that JavaScript cannot hold; returns other values unchanged */
  plain<Value>(value: Value): Value | number
  /** `plain` for each item of a list, and for a value that is not a list. */
  plainAll(value: unknown): unknown
  /** Whether one of two values is a number with a text of its own, and the other a number of the same value. */
  equals(left: unknown, right: unknown): boolean
  /** Two values that compare like the given ones, and that JavaScript can compare. */
  comparable(left: unknown, right: unknown): readonly [unknown, unknown]
  /** Whether a number is not zero. */
  isNotZero(value: unknown): boolean
  /** The result of `+`, `-`, `*`, `/` or `%`. */
  calculate(left: unknown, right: unknown, operator: string): number
  /** A whole number that is counted with, so that the next one must differ; other values but NaN unchanged. */
  counted<Value>(value: Value): Value
  /** A power, exact for whole numbers. */
  power(base: number, exponent: number): number
  /** A number times a power of ten. */
  shifted(value: number, exponent: number): number
  /** The decimal digits of a number that is not negative, with so many after the point. */
  fixed(value: number, fractionDigits: number): string
  /** The digits of a whole number in a base. */
  inBase(value: number, radix: number): string
  /** Milliseconds since 1970 that a date can have. */
  instant(millis: number): number
  /** The number of decimal digits; NaN without digits. */
  parseDigits(text: string): unknown
  /** The number of a text that JavaScript can parse. */
  parseNumber(text: string): unknown
  /** JSON whose numbers keep their text. */
  parseJson(text: string): unknown
  /** Whether JSONata's parser can hold the number of an expression. */
  isHeld(text: string): boolean
}

/** The part of the sandbox's global object that JSONata uses, see exact-library.ts. */
export interface NumbersScope {
  exactNumbers: SandboxNumbers
}

/**
 * Adds numbers that keep their text. Such a number is an object without members. JSONata can copy and compare it, and
 * JavaScript computes with its value, or throws if it cannot hold the value. Like `sandboxProgram`, only this function's
 * source text enters the sandbox.
 */
export function sandboxNumbers(scope: NumbersScope, json: ExactJson): void {
  const REFUSED = 'N0001'
  /** JavaScript writes larger whole numbers with an exponent: they are measurements rather than ids or amounts. */
  const WHOLE_MAX = 1e21
  const ZERO = '0'

  /** JSONata adds the position to the error. */
  function refusal(): object {
    return { code: REFUSED }
  }

  class ExactNumber {
    readonly #text: string

    constructor(text: string) {
      this.#text = text
      Object.freeze(this)
    }

    static is(value: unknown): value is ExactNumber {
      return typeof value === 'object' && value !== null && #text in value
    }

    static textOf(value: ExactNumber): string {
      return value.#text
    }

    valueOf(): number {
      if (!json.isHeld(this.#text)) throw refusal()
      return Number(this.#text)
    }

    toString(): string {
      return String(this.valueOf())
    }

    toJSON(): unknown {
      return JSON.rawJSON(this.#text)
    }
  }
  Object.freeze(ExactNumber.prototype)

  const is = (value: unknown): value is ExactNumber => ExactNumber.is(value)
  const textOf = (value: ExactNumber): string => ExactNumber.textOf(value)

  function plain<Value>(value: Value): Value | number {
    return is(value) ? value.valueOf() : value
  }

  function isNumber(value: unknown): value is number | ExactNumber {
    return is(value) || (typeof value === 'number' && Number.isFinite(value))
  }

  function compare(left: number | ExactNumber, right: number | ExactNumber): number {
    return json.compare(is(left) ? textOf(left) : String(left), is(right) ? textOf(right) : String(right))
  }

  /** Whether a result of two whole numbers is exact. */
  function isExact(left: number, right: number, operator: string, result: number): boolean {
    const [a, b] = [BigInt(String(left)), BigInt(String(right))]
    const exact = operator === '+' ? a + b : operator === '-' ? a - b : a * b
    return json.compare(String(exact), String(result)) === 0
  }

  function isWhole(value: number): boolean {
    return Number.isInteger(value) && Math.abs(value) < WHOLE_MAX
  }

  /** JSON has no infinity and no NaN, and a comparison with them says nothing. */
  function finite(value: number): number {
    if (!Number.isFinite(value)) throw refusal()
    return value
  }

  function calculate(left: unknown, right: unknown, operator: string): number {
    const a = plain(left) as number
    const b = plain(right) as number
    if (operator === '/') return finite(a / b)
    if (operator === '%') return finite(a % b)
    const result = finite(operator === '+' ? a + b : operator === '-' ? a - b : a * b)
    const isLarge = result > Number.MAX_SAFE_INTEGER || result < -Number.MAX_SAFE_INTEGER
    if (isLarge && isWhole(a) && isWhole(b) && !isExact(a, b, operator, result)) throw refusal()
    return result
  }

  function power(base: number, exponent: number): number {
    const result = base ** exponent
    const isLarge = Number.isFinite(result) && Math.abs(result) > Number.MAX_SAFE_INTEGER
    if (!isLarge || !isWhole(base) || !Number.isInteger(exponent)) return result
    const exact = BigInt(String(base)) ** BigInt(exponent)
    if (json.compare(String(exact), String(result)) !== 0) throw refusal()
    return result
  }

  function shifted(value: number, exponent: number): number {
    const [digits, before = ZERO] = String(value).split('e')
    const text = `${digits}e${Number(before) + exponent}`
    if (!json.isHeld(text)) throw refusal()
    return Number(text)
  }

  /** `toFixed` writes the binary value: 0.1 with 20 digits ends in …0555. From 1e21 on it writes an exponent. */
  function fixed(value: number, fractionDigits: number): string {
    const [digits = '', exponent = ZERO] = String(value).split('e')
    const [whole = '', fraction = ''] = digits.split('.')
    const point = whole.length + Number(exponent)
    const all = (whole + fraction).padStart(whole.length + fraction.length + Math.max(0, 1 - point), ZERO)
    const wholeDigits = Math.max(1, point)
    const padded = all.padEnd(wholeDigits, ZERO)
    const rest = padded.slice(wholeDigits)
    if (rest.length > fractionDigits) return value.toFixed(fractionDigits)
    const after = rest.padEnd(fractionDigits, ZERO)
    return after === '' ? padded : `${padded.slice(0, wholeDigits)}.${after}`
  }

  function inBase(value: number, radix: number): string {
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value.toString(radix)
    const digits = BigInt(fixed(Math.abs(value), 0)).toString(radix)
    return value < 0 ? `-${digits}` : digits
  }

  function parseDigits(text: string): unknown {
    const value = Number.parseInt(text)
    if (!Number.isInteger(value) || Number.isSafeInteger(value)) return value
    const [, minus = '', digits] = /^\s*(-?)\+?0*(\d+)/.exec(text) ?? []
    if (digits === undefined) throw refusal()
    return new ExactNumber(minus + digits)
  }

  scope.exactNumbers = Object.freeze({
    refused: REFUSED,
    is,
    plain,
    plainAll: (value: unknown) =>
      Array.isArray(value) ? (value.some(is) ? value.map(plain) : value) : plain(value),
    equals: (left: unknown, right: unknown) =>
      (is(left) || is(right)) && isNumber(left) && isNumber(right) && compare(left, right) === 0,
    comparable: (left: unknown, right: unknown): readonly [unknown, unknown] => {
      if (!is(left) && !is(right)) return [left, right]
      if (isNumber(left) && isNumber(right)) return [compare(left, right), 0]
      return [is(left) ? 0 : left, is(right) ? 0 : right]
    },
    isNotZero: (value: unknown) => (is(value) ? compare(value, 0) !== 0 : value !== 0),
    calculate,
    counted: <Value>(value: Value): Value => {
      if (typeof value !== 'number') return value
      if (Number.isNaN(value) || (Number.isInteger(value) && !Number.isSafeInteger(value))) throw refusal()
      return value
    },
    power,
    shifted,
    fixed,
    inBase,
    instant: (millis: number) => {
      if (Number.isNaN(new Date(millis).getTime())) throw refusal()
      return millis
    },
    parseDigits,
    parseNumber: (text: string) => {
      if (/^0[xob]/i.test(text)) {
        if (BigInt(Number(text)) === BigInt(text)) return Number(text)
      } else if (json.isHeld(text)) return Number(text)
      else if (/^-?(?:0|[1-9])/.test(text) && !/^-?0\d/.test(text)) return new ExactNumber(text)
      throw refusal()
    },
    parseJson: (text: string) => json.parse(text, (number) => new ExactNumber(number)),
    isHeld: json.isHeld,
  })
}

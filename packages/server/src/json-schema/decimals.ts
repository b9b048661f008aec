import { exactJson } from '@sallyport/core'

/** The most characters of a number that a schema compares; a longer one is refused. */
export const NUMBER_CHARS_MAX = 400

/** A number of JSON that a JavaScript number does not hold, such as 12345678901234567890. */
export class ExactNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** A number of JSON. A JavaScript number has exactly the value that the text of the JSON has. */
export type JsonNumber = number | ExactNumber

export function isNumber(value: unknown): value is JsonNumber {
  return typeof value === 'number' || value instanceof ExactNumber
}

/** Reads JSON text of a number. Only its value counts: 1.50 is 1.5. */
export function numberOf(text: string): JsonNumber {
  return exactJson.isHeld(text) ? Number(text) : new ExactNumber(text)
}

/** What reading the digits of a number costs, in checks. */
const DIGITS_CHECKS = 8
const DIGITS_PER_CHECK = 16

/** How many checks comparing a number with others costs, beside the first. */
export function comparisonCost(value: JsonNumber): number {
  return typeof value === 'number' ? 0 : DIGITS_CHECKS + value.text.length / DIGITS_PER_CHECK
}

/** How many checks dividing a number costs, beside the first. */
export function divisionCost(value: JsonNumber, divisor: JsonNumber): number {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) return 0
  return 2 * DIGITS_CHECKS + comparisonCost(value)
}

/** Compares the values of two numbers. The result is negative, 0 or positive. */
export function compareNumbers(left: JsonNumber, right: JsonNumber): number {
  // The order of doubles is the order of their shortest texts.
  return typeof left === 'number' && typeof right === 'number'
    ? left - right
    : exactJson.compare(textOf(left), textOf(right))
}

/** Whether a number has no fraction: 7, 7.0 and 70e-1. */
export function isInteger(value: JsonNumber): boolean {
  return typeof value === 'number' ? Number.isInteger(value) : decimalOf(value).exponent >= 0n
}

/** Whether a number is a whole multiple of another one, in decimal: 19.99 is one of 0.01. */
export function isMultipleOf(value: JsonNumber, divisor: JsonNumber): boolean {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(divisor)) {
    return (value as number) % (divisor as number) === 0
  }
  const dividend = decimalOf(value)
  const by = decimalOf(divisor)
  if (dividend.digits === 0n) return true
  const shift = dividend.exponent - by.exponent
  if (shift >= 0n) {
    // The caller chooses the exponent. Further zeros change nothing once there are more of them than the divisor has factors
    // 2 or 5, and it has at most four for each of its digits.
    const enough = BigInt(4 * by.digits.toString().length)
    return (dividend.digits * 10n ** (shift < enough ? shift : enough)) % by.digits === 0n
  }
  // The digits would have to end in that many zeros.
  if (-shift > BigInt(NUMBER_CHARS_MAX)) return false
  return dividend.digits % (by.digits * 10n ** -shift) === 0n
}

/** A text that two numbers share if and only if they have the same value. */
export function canonicalNumber(value: JsonNumber): string {
  if (typeof value === 'number') return String(value)
  const { digits, exponent } = decimalOf(value)
  return `${digits}e${exponent}`
}

/** The value digits × 10^exponent. The digits do not end in a zero; zero has the exponent 0. */
interface Decimal {
  readonly digits: bigint
  readonly exponent: bigint
}

const NUMBER = /^(-?\d+)(?:\.(\d+))?(?:[eE]([-+]?\d+))?$/

function decimalOf(value: JsonNumber): Decimal {
  const [, whole = '0', fraction = '', power = '0'] = NUMBER.exec(textOf(value)) ?? []
  const all = whole + fraction
  let end = all.length
  while (end > 1 && all[end - 1] === '0') end -= 1
  const digits = BigInt(all.slice(0, end) === '-' ? '0' : all.slice(0, end))
  if (digits === 0n) return { digits, exponent: 0n }
  return { digits, exponent: BigInt(power) - BigInt(fraction.length) + BigInt(all.length - end) }
}

function textOf(value: JsonNumber): string {
  return typeof value === 'number' ? String(value) : value.text
}

/** An integer in YAML that is not decimal. */
const BASED = /^0[xo]/
const DECIMAL = /^([-+]?)(\d*)\.?(\d*)(?:e([-+]?\d+))?$/i
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g

/**
 * Whether a number has the same value for programs that keep all its digits, and for those that read it as JavaScript does.
 * The server refuses all others.
 *
 * @param source as JSON or YAML writes it
 */
export function isExactNumber(source: string): boolean {
  if (BASED.test(source)) return isExactInteger(BigInt(source))
  const value = Number(source)
  if (!Number.isFinite(value) || decimal(source) !== decimal(String(value))) return false
  return /[.e]/i.test(source) || isExactInteger(BigInt(source.replace(/^\+/, '')))
}

function isExactInteger(integer: bigint): boolean {
  const value = Number(integer)
  return (
    Number.isFinite(value) && BigInt(value) === integer && decimal(String(value)) === decimal(String(integer))
  )
}

/** Whether all numbers of a JSON text are exact. */
export function hasExactNumbers(json: string): boolean {
  const found = json.match(STRING_OR_NUMBER) ?? []
  return found.every((token) => token.startsWith('"') || isExactNumber(token))
}

/** The value of a decimal number: equal texts for equal values. */
function decimal(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(number) ?? []
  const digits = whole + fraction
  let start = 0
  while (digits[start] === '0') start += 1
  let end = digits.length
  while (end > start && digits[end - 1] === '0') end -= 1
  if (start === end) return '0'
  return `${sign === '-' ? '-' : ''}${digits.slice(start, end)}e${Number(exponent) + whole.length - start}`
}

import type { CompileKeyword, Keyword } from './compiler.ts'
import {
  compareNumbers,
  comparisonCost,
  divisionCost,
  isInteger,
  isMultipleOf,
  isNumber,
  type JsonNumber,
} from './decimals.ts'
import { formatCost, formatProblem, isCheckedFormat } from './formats.ts'
import type { Check } from './schema-node.ts'
import { canonicalText, typeOf } from './values.ts'
import { Validation } from './validation.ts'
import { amount, listed } from './wording.ts'

/* The keywords about any value, about numbers and about texts (JSON Schema Validation sections 6.1 to 6.3, and 7). */

/** What is sent of each type, in the order of an error's words. */
const TYPES: ReadonlyMap<unknown, string> = new Map([
  ['object', 'an object'],
  ['array', 'an array'],
  ['string', 'a string'],
  ['integer', 'a whole number'],
  ['number', 'a number'],
  ['boolean', '`true` or `false`'],
  ['null', '`null`'],
])

export const type: CompileKeyword = ({ value, path, node, compiler }) => {
  const names: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (names.length === 0 || !names.every((name) => TYPES.has(name))) {
    compiler.fault(path, `Use ${listed([...TYPES.keys()])}, or a list of them.`)
    return
  }
  const types = new Set(names)
  const words = [...TYPES].filter(([name]) => types.has(name)).map(([, word]) => word)
  const message = `Send ${words.join(' or ')}.`
  const isWanted = (sent: unknown, validation: Validation): boolean => {
    if (types.has(typeOf(sent))) return true
    if (!types.has('integer') || !isNumber(sent)) return false
    validation.spend(comparisonCost(sent))
    return isInteger(sent)
  }
  const check: Check = (sent, place, validation) =>
    isWanted(sent, validation) || validation.fail(place, message)
  node.admits = check
  node.checks.push(check)
}

/** What comparing the values of a schema with themselves may cost while it is compiled. */
const OWN_CHECKS_MAX = 100_000

function oneOfValues({ node }: Keyword, values: readonly unknown[]): void {
  const own = new Validation(OWN_CHECKS_MAX)
  const texts = new Set(values.map((value) => canonicalText(value, own)))
  const types = new Set(values.map(typeOf))
  const message = `Send ${listed(values)}.`
  node.checks.push(
    (sent, place, validation) =>
      (types.has(typeOf(sent)) && texts.has(canonicalText(sent, validation))) ||
      validation.fail(place, message),
  )
}

export const enumeration: CompileKeyword = (keyword) => {
  const { value, path, compiler } = keyword
  if (Array.isArray(value)) oneOfValues(keyword, value)
  else compiler.fault(path, 'Use a list of values.')
}

export const constant: CompileKeyword = (keyword) => oneOfValues(keyword, [keyword.value])

function bound(words: string, isWithin: (order: number) => boolean): CompileKeyword {
  return ({ value, path, node, compiler }) => {
    if (typeof value !== 'number') {
      compiler.fault(path, 'Use a number.')
      return
    }
    const message = `Send a number ${words} ${value}.`
    node.checks.push((sent, place, validation) => {
      if (!isNumber(sent)) return true
      validation.spend(comparisonCost(sent))
      return isWithin(compareNumbers(sent, value)) || validation.fail(place, message)
    })
  }
}

export const maximum = bound('of at most', (order) => order <= 0)
export const minimum = bound('of at least', (order) => order >= 0)
export const exclusiveMaximum = bound('below', (order) => order < 0)
export const exclusiveMinimum = bound('above', (order) => order > 0)

export const multipleOf: CompileKeyword = ({ value, path, node, compiler }) => {
  if (typeof value !== 'number' || value <= 0) {
    compiler.fault(path, 'Use a number above 0.')
    return
  }
  const divisor: JsonNumber = value
  const message = value === 1 ? 'Send a whole number.' : `Send a multiple of ${value}.`
  node.checks.push((sent, place, validation) => {
    if (!isNumber(sent)) return true
    validation.spend(divisionCost(sent, divisor))
    return isMultipleOf(sent, divisor) || validation.fail(place, message)
  })
}

/** A keyword whose value is a count; undefined after a fault. */
export function countOf({ value, path, compiler }: Keyword): number | undefined {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
  compiler.fault(path, 'Use a whole number of at least 0.')
  return undefined
}

/** Characters are Unicode code points (RFC 8259 section 8). No more are counted than needed. */
function hasMoreThan(text: string, count: number): boolean {
  if (text.length <= count) return false
  if (text.length > count * 2) return true
  let characters = 0
  for (const _ of text) characters += 1
  return characters > count
}

const CHARS_PER_CHECK = 64

export const maxLength: CompileKeyword = (keyword) => {
  const count = countOf(keyword)
  if (count === undefined) return
  const message = `Send at most ${amount(count, 'character')}.`
  keyword.node.checks.push((sent, place, validation) => {
    if (typeof sent !== 'string') return true
    validation.spend(Math.min(sent.length, count * 2) / CHARS_PER_CHECK)
    return !hasMoreThan(sent, count) || validation.fail(place, message)
  })
}

export const minLength: CompileKeyword = (keyword) => {
  const count = countOf(keyword)
  if (count === undefined || count === 0) return
  const message = `Send at least ${amount(count, 'character')}.`
  keyword.node.checks.push((sent, place, validation) => {
    if (typeof sent !== 'string') return true
    validation.spend(Math.min(sent.length, count * 2) / CHARS_PER_CHECK)
    return hasMoreThan(sent, count - 1) || validation.fail(place, message)
  })
}

export const pattern: CompileKeyword = ({ value, path, node, compiler }) => {
  const compiled = compiler.pattern(value, path)
  if (compiled === undefined) return
  const { source } = compiled
  const message =
    source.length > 200 ? 'Send a text of the required form.' : `Send a text that matches \`${source}\`.`
  node.checks.push((sent, place, validation) => {
    if (typeof sent !== 'string') return true
    validation.spend(compiled.cost(sent))
    return compiled.test(sent) || validation.fail(place, message)
  })
}

export const format: CompileKeyword = ({ value, path, node, compiler }) => {
  if (typeof value !== 'string') {
    compiler.fault(path, 'Use the name of a format.')
    return
  }
  if (!isCheckedFormat(value)) return
  node.checks.push((sent, place, validation) => {
    if (typeof sent !== 'string') return true
    validation.spend(formatCost(sent))
    const problem = formatProblem(value, sent)
    return problem === null || validation.fail(place, problem)
  })
}

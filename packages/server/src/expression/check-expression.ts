import { EXPRESSION_CHARS_MAX } from '@sallyport/core'
import { readFileSync } from 'node:fs'
import { exactParser } from './exact-parser.ts'
import { LIBRARY_FILE } from './worker-permissions.ts'

let parser: ReturnType<typeof exactParser> | undefined

/**
 * The parser, which is made when the first expression is read, because it takes a tenth of the time in which a server starts.
 *
 * @throws Error when its file is no longer there
 */
function libraryParser(): ReturnType<typeof exactParser> {
  parser ??= exactParser(readFileSync(LIBRARY_FILE, 'utf8'))
  return parser
}

/**
 * The maximum depth of a syntax tree. Each level uses stack during evaluation: 2,000 levels exhaust it in the worst
 * measured case. 1,000 levels are a chain of 1,000 operators or 200 nested brackets.
 */
const SYNTAX_DEPTH_MAX = 1000

/**
 * How often an operator may occur in an expression. JSONata parses a path in quadratic time: 4,000 dots, or 2,000 dots
 * with a parent operator each, take half a second on a slow machine. These limits take 30 ms.
 */
const OPERATOR_COUNTS_MAX: readonly (readonly [operator: string, countMax: number])[] = [
  ['.', 1000],
  ['%', 100],
]

/** The length of a JSONata message that is shown; such messages quote parts of the expression. */
const ERROR_CHARS_MAX = 200

/** JSONata's code for a number that it cannot hold. */
const NUMBER_OUT_OF_RANGE = 'S0102'
const LONG_NUMBER =
  'The expression has a number that would lose digits. Write it as $number("…") with the digits in quotation marks'
const TOO_DEEP = 'The expression is nested too deeply.'

/**
 * Checks a JSONata 2 expression without evaluating it. A valid expression can still fail on a message that it does not
 * fit.
 *
 * @param text an unvalidated value of any type
 * @returns a sentence that describes the error, or undefined if the expression is valid
 * @throws Error when JSONata cannot be read
 */
export function checkExpression(text: unknown): string | undefined {
  if (typeof text !== 'string') return 'The expression must be a string.'
  if (text.trim() === '') return 'The expression is empty.'
  if (text.length > EXPRESSION_CHARS_MAX) {
    return `The expression is longer than ${EXPRESSION_CHARS_MAX} characters.`
  }
  for (const [operator, countMax] of OPERATOR_COUNTS_MAX) {
    if (text.split(operator).length - 1 > countMax) {
      return `The expression has more than ${countMax} "${operator}".`
    }
  }
  // Outside of the block that follows: that it cannot be read is no fault of the expression.
  const parse = libraryParser()
  try {
    return isTooDeep(parse(text).ast()) ? TOO_DEEP : undefined
  } catch (error) {
    return describeParseError(error)
  }
}

/**
 * The syntax tree of an expression.
 *
 * @param text a valid expression, as `checkExpression` says
 */
export function parsedExpression(text: string): object {
  return libraryParser()(text).ast()
}

/** Walks the tree without recursion. Nodes can reference each other, so each is visited once. */
function isTooDeep(root: object): boolean {
  const seen = new Set<object>()
  const open: [node: object, depth: number][] = [[root, 1]]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [node, depth] = next
    if (depth > SYNTAX_DEPTH_MAX) return true
    if (seen.has(node)) continue
    seen.add(node)
    for (const member of Object.values(node) as unknown[]) {
      if (typeof member === 'object' && member !== null) open.push([member, depth + 1])
    }
  }
  return false
}

/** JSONata throws plain objects for syntax errors and does not catch errors of the JavaScript engine. */
function describeParseError(error: unknown): string {
  // The parser recurses for each level of nesting, so only nesting exhausts the stack.
  if (error instanceof RangeError) return TOO_DEEP
  if (error instanceof SyntaxError) return 'The expression contains an invalid regular expression.'
  const { code, message, position } = error as { code?: unknown; message?: unknown; position?: unknown }
  if (typeof code !== 'string' || typeof message !== 'string') return 'The expression cannot be parsed.'
  if (code === NUMBER_OUT_OF_RANGE) return `${LONG_NUMBER} (${code} at position ${String(position)}).`
  const location = typeof position === 'number' ? ` (${code} at position ${position})` : ` (${code})`
  const shown = message.length > ERROR_CHARS_MAX ? `${message.slice(0, ERROR_CHARS_MAX)}…` : message
  return `The expression is not valid JSONata: ${shown}${location}.`
}

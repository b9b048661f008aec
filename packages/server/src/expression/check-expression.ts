import { EXPRESSION_CHARS_MAX } from '@sallyport/core'
import jsonata from 'jsonata'

/**
 * How many nodes of a syntax tree may stand below one another. A node takes stack when it is evaluated; some 2,000 of
 * them exhaust it in the worst case measured, and 1,000 are a chain of 1,000 operators or 200 nested brackets.
 */
const SYNTAX_DEPTH_MAX = 1000

/**
 * How often a sign may stand in an expression. JSONata walks the steps of a path again for each step and for each parent,
 * so that 4,000 dots, or half as many with a parent each, keep a slow machine busy for half a second; these for 30 ms.
 */
const SIGNS_MAX: readonly (readonly [sign: string, countMax: number])[] = [
  ['.', 1000],
  ['%', 100],
]

/** The part of what JSONata says of a fault that can be shown: it repeats pieces of the expression. */
const FAULT_CHARS_MAX = 200

const TOO_DEEP = 'The expression is nested too deeply.'

/**
 * Says what is wrong with the text of an expression, before it is ever evaluated. What it takes can still fail with a
 * message that does not suit it.
 *
 * @param text what somebody has written where a JSONata 2 expression belongs, of any type
 * @returns a sentence, or undefined where the expression can be deployed; it never throws
 */
export function checkExpression(text: unknown): string | undefined {
  if (typeof text !== 'string') return 'The expression must be a text.'
  if (text.trim() === '') return 'The expression is empty.'
  if (text.length > EXPRESSION_CHARS_MAX) {
    return `The expression is longer than ${EXPRESSION_CHARS_MAX} characters.`
  }
  for (const [sign, countMax] of SIGNS_MAX) {
    if (text.split(sign).length - 1 > countMax) return `The expression has more than ${countMax} "${sign}".`
  }
  try {
    return isTooDeep(jsonata(text).ast()) ? TOO_DEEP : undefined
  } catch (fault) {
    return sentenceOf(fault)
  }
}

/** Walks the tree without recursion. Nodes refer to each other crosswise, so each is looked at once. */
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

/** JSONata throws plain objects for what is wrong with the text, and lets errors of the engine through. */
function sentenceOf(fault: unknown): string {
  // The parser calls itself for each level of nesting, so that only nesting exhausts the stack.
  if (fault instanceof RangeError) return TOO_DEEP
  if (fault instanceof SyntaxError) return 'The expression holds a regular expression that is none.'
  const { code, message, position } = fault as { code?: unknown; message?: unknown; position?: unknown }
  if (typeof code !== 'string' || typeof message !== 'string') return 'The expression cannot be read.'
  const where = typeof position === 'number' ? ` (${code} at position ${position})` : ` (${code})`
  const said = message.length > FAULT_CHARS_MAX ? `${message.slice(0, FAULT_CHARS_MAX)}…` : message
  return `The expression is not valid JSONata: ${said}${where}.`
}

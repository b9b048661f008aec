import { RE2JS } from 're2js'
import type { Pattern } from './compiler.ts'

/** The most characters of a regular expression. */
const PATTERN_CHARS_MAX = 1000
/** The most instructions that a regular expression becomes: the time for each character of a text is proportional to them. */
const INSTRUCTIONS_MAX = 1000
/** How many instructions run, at most, in the time of one check. Measured: 5 ns for one of them. */
const INSTRUCTIONS_PER_CHECK = 8

/**
 * Compiles a regular expression for RE2, whose matching takes time in proportion to the text, whatever the expression. It
 * lacks look-around and back-references.
 *
 * @returns a sentence if it cannot be used
 */
export function compilePattern(source: string): Pattern | string {
  if (source.length > PATTERN_CHARS_MAX) {
    return `Use a regular expression of at most ${PATTERN_CHARS_MAX} characters.`
  }
  let compiled: RE2JS
  try {
    compiled = RE2JS.compile(RE2JS.translateRegExp(withShortProperties(source)))
  } catch {
    return 'Use a regular expression in the syntax of RE2, which has no look-around and no back-references.'
  }
  const instructions = compiled.programSize()
  if (instructions > INSTRUCTIONS_MAX) return 'Use a shorter regular expression, or smaller counts in braces.'
  return {
    source,
    cost: (text) => 1 + Math.ceil((text.length * instructions) / INSTRUCTIONS_PER_CHECK),
    test: (text) => compiled.test(text),
  }
}

/** The long names of general categories that RE2 lacks (UAX #44 section 5.7.1). */
const CATEGORIES: ReadonlyMap<string, string> = new Map([
  ['Letter', 'L'],
  ['Uppercase_Letter', 'Lu'],
  ['Lowercase_Letter', 'Ll'],
  ['Mark', 'M'],
  ['Number', 'N'],
  ['Decimal_Number', 'Nd'],
  ['digit', 'Nd'],
  ['Punctuation', 'P'],
  ['punct', 'P'],
  ['Symbol', 'S'],
  ['Separator', 'Z'],
])

/** Skips escaped backslashes, so that the `p` after one is a letter. */
const PROPERTY = /\\\\|\\([pP])\{(?:(?:General_Category|gc|Script|sc)=)?(\w+)\}/g

/** The same expression with properties of Unicode as RE2 names them: `\p{Letter}` is `\p{L}`. */
function withShortProperties(source: string): string {
  return source.replaceAll(PROPERTY, (all: string, letter?: string, name?: string) =>
    letter === undefined || name === undefined ? all : `\\${letter}{${CATEGORIES.get(name) ?? name}}`,
  )
}

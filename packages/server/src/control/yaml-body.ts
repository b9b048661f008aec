import { isExactNumber, jsonPointer, Problem } from '@sallyport/core'
import {
  Composer,
  CST,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  visit,
  type Document,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { duplicateMember, unreadable } from './unreadable-body.ts'

/** Parsing YAML takes a hundred times longer than JSON, and people write it by hand: 64 KiB are two thousand lines. */
const YAML_BYTES_MAX = 64 * 1024
/**
 * The most lexemes: names, values, indicators, spaces, line breaks and comments. Parsing blocks all other requests, and
 * its time grows with the lexemes: the worst 8000 take 14 ms on a slow machine, and the worst 64 KiB without this limit
 * took 500 ms. A spec with 100 routes and 50 steps has 3700.
 */
export const YAML_LEXEMES_MAX = 8000
/** The most aliases of a document, and the most nodes that they expand to, against "billion laughs" attacks. */
const YAML_ALIASES_MAX = 100
/** The deepest nesting, as for JSON. Composing recurses, so deep flow collections are refused before it. */
const DEPTH_MAX = 64

/**
 * Parses one YAML document, optionally after a byte order mark, that every YAML 1.2 parser reads alike: the core schema (section 10.3), no tags, directives,
 * merge keys or duplicate names, bounded aliases, and only values that JSON has.
 *
 * @throws Problem `invalid_request` with line and column for everything else, and `too_large`
 */
export function parseYaml(body: string): unknown {
  const text = body.startsWith(BYTE_ORDER_MARK) ? body.slice(1) : body
  if (text.length > YAML_BYTES_MAX) {
    throw new Problem('too_large', { extensions: { limitBytes: YAML_BYTES_MAX } })
  }
  const refuse: Refuse = (index, message, cause, path = '') => {
    throw unreadable(message, { text, index, path }, cause)
  }
  requirePrintable(text, refuse)
  const { lexemes, firstAlias } = readOneDocument(new Lexer().lex(text), refuse)
  const document = composed(lexemes, text.length, refuse)
  const [problem] = [...document.errors, ...document.warnings]
  // The parser's own message quotes the body, which can contain a secret.
  if (problem !== undefined) {
    refuse(
      problem.pos[0],
      `The body is not valid YAML: ${SYNTAX_FAULTS[problem.code] ?? problem.code}`,
      problem,
    )
  }
  requireJsonValues(document, refuse)
  try {
    // The library counts the anchor too.
    return document.toJS({ maxAliasCount: YAML_ALIASES_MAX + 1 }) as unknown
  } catch (cause) {
    const isUnknown = cause instanceof Error && cause.message.startsWith('Unresolved alias')
    const message = isUnknown
      ? 'The YAML body has an alias without an anchor of its name before it'
      : 'The aliases of the YAML body expand to too many nodes, or to themselves'
    return refuse(firstAlias, message, cause)
  }
}

/** Sentences for the parser's usual codes. */
const SYNTAX_FAULTS: Readonly<Record<string, string>> = {
  BAD_INDENT: 'the indentation is wrong, or a bracket before it is not closed',
  BLOCK_AS_IMPLICIT_KEY:
    'a second name follows in one line. Check that no line break was lost, as `curl -d` does',
  MISSING_CHAR: 'a quote, a bracket or another sign is missing',
  MULTILINE_IMPLICIT_KEY: 'a name goes over several lines, or a colon is missing',
  TAB_AS_INDENT: 'a tab indents the line. Use spaces',
  UNEXPECTED_TOKEN: 'this cannot follow here. Put text with brackets, colons or commas in quotes',
}

const BYTE_ORDER_MARK = '\ufeff'

type Refuse = (index: number, message: string, cause?: unknown, path?: string) => never

// YAML 1.2 section 5.1, without a byte order mark, and without a carriage return alone, which only some parsers take for
// a line break.
const NOT_PRINTABLE =
  /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|\r(?!\n)/u

function requirePrintable(text: string, refuse: Refuse): void {
  const index = text.search(NOT_PRINTABLE)
  if (index >= 0) refuse(index, 'The YAML body has a character that must be escaped')
}

/** The lexemes that can stand outside a document. */
const OUTSIDE: ReadonlySet<string | null> = new Set(['space', 'newline', 'comment', 'doc-mode'])

/**
 * Refuses everything that parsers could ignore or that gives a node another type than the core schema does.
 *
 * @param source is read only as far as the body is accepted
 * @returns all lexemes, and the index of the first alias
 */
function readOneDocument(
  source: Iterable<string>,
  refuse: Refuse,
): { readonly lexemes: readonly string[]; readonly firstAlias: number } {
  const lexemes: string[] = []
  let index = 0
  let isStarted = false
  let isEnded = false
  let depth = 0
  /** The indicators of this line that each open a block collection. */
  let inLine = 0
  let aliases = 0
  let firstAlias = 0
  for (const lexeme of source) {
    lexemes.push(lexeme)
    if (lexemes.length > YAML_LEXEMES_MAX) refuse(index, TOO_LONG)
    const type = CST.tokenType(lexeme)
    if (!OUTSIDE.has(type)) {
      if (isEnded && type !== 'doc-end')
        refuse(index, 'The YAML body has content after the end of the document')
      if (type === 'doc-start' && isStarted) refuse(index, 'The YAML body has more than one document')
      isStarted = true
    }
    switch (type) {
      case 'doc-end':
        isEnded = true
        break
      case 'tag':
        refuse(index, 'The YAML body has a tag. Remove it: types follow from the values')
        break
      case 'directive-line':
        refuse(index, 'The YAML body has a directive. Remove it: bodies are YAML 1.2')
        break
      case 'alias':
        aliases += 1
        if (aliases === 1) firstAlias = index
        if (aliases > YAML_ALIASES_MAX)
          refuse(index, `The YAML body has more than ${YAML_ALIASES_MAX} aliases`)
        break
      case 'newline':
        inLine = 0
        break
      case 'flow-map-start':
      case 'flow-seq-start':
        depth += 1
        break
      case 'flow-map-end':
      case 'flow-seq-end':
        depth -= 1
        break
      case 'seq-item-ind':
      case 'explicit-key-ind':
      case 'map-value-ind':
        if (depth === 0) inLine += 1
        break
      default:
    }
    if (depth > DEPTH_MAX || inLine > DEPTH_MAX) refuse(index, TOO_DEEP)
    // The lexer marks the start of documents and scalars by characters that are not in the text.
    if (type !== 'doc-mode' && type !== 'scalar' && type !== 'flow-error-end') index += lexeme.length
  }
  return { lexemes, firstAlias }
}

const TOO_LONG = `The YAML body has more than ${YAML_LEXEMES_MAX} names, values, marks and line breaks. Send it as JSON`
const TOO_DEEP = `The YAML body has more than ${DEPTH_MAX} levels of nesting`

function composed(lexemes: readonly string[], length: number, refuse: Refuse): Document.Parsed {
  const parser = new Parser()
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    // `requireJsonValues` checks this: the library's own check compares every name with every other.
    uniqueKeys: false,
    merge: false,
    resolveKnownTags: false,
    prettyErrors: false,
    logLevel: 'silent',
    stringKeys: true,
  })
  let documents: Document.Parsed[]
  try {
    documents = withoutStackTraces(() => {
      const tokens = lexemes.flatMap((lexeme) => [...parser.next(lexeme)])
      return [...composer.compose([...tokens, ...parser.end()], true, length)] as Document.Parsed[]
    })
  } catch (cause) {
    // The parser recurses, so a deeply nested body can exhaust its stack.
    return refuse(0, 'The body is not valid YAML', cause)
  }
  const [document, second] = documents
  if (document === undefined) return refuse(0, 'The body is not valid YAML')
  if (second !== undefined) refuse(second.range[0], 'The YAML body has more than one document')
  return document
}

/**
 * Runs a function whose errors get no stack trace. The parser continues after an error: 64 KiB can have 30,000 of them, of
 * which only the first is used, and their stack traces take most of the time.
 */
function withoutStackTraces<Result>(run: () => Result): Result {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  try {
    return run()
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** Refuses what JSON does not have: duplicate names, names that are not text, and numbers that would change. */
function requireJsonValues(document: Document.Parsed, refuse: Refuse): void {
  visit(document, {
    Node(_key, node, path) {
      const start = node.range?.[0] ?? 0
      const around = path.filter((ancestor) => isCollection(ancestor))
      if (isScalar(node)) requireJsonScalar(node, path, refuse)
      else if (isAlias(node)) {
        const isWithin = around.some(({ anchor }) => anchor === node.source)
        if (isWithin) refuse(start, 'The YAML body has an alias of a value that contains it')
      } else if (around.length >= DEPTH_MAX) refuse(start, TOO_DEEP)
      if (isMap(node)) requireJsonNames(node, refuse)
    },
  })
}

function requireJsonNames({ items, range }: YAMLMap, refuse: Refuse): void {
  const names = new Set<string>()
  for (const { key } of items) {
    const start = (isNode(key) ? key.range?.[0] : undefined) ?? range?.[0] ?? 0
    if (!isScalar(key) || typeof key.value !== 'string' || (key.value === '' && key.type === 'PLAIN')) {
      return refuse(start, 'A name in the YAML body is not text')
    }
    if (key.value === '<<' && key.type === 'PLAIN') {
      refuse(start, 'The YAML body has a merge key, which YAML 1.2 does not have. Write the fields out')
    }
    if (names.has(key.value)) refuse(start, duplicateMember('YAML body', key.value))
    names.add(key.value)
  }
}

function requireJsonScalar(scalar: Scalar, path: Path, refuse: Refuse): void {
  const { value, source, range } = scalar
  const refuseHere = (message: string): never => {
    return refuse(range?.[0] ?? 0, message, undefined, pointerTo(scalar, path))
  }
  if (typeof value === 'number' && !(Number.isFinite(value) && isExact(source ?? ''))) {
    refuseHere('The YAML body has a number that would lose digits. Write it in quotation marks')
  }
  if (typeof value === 'string' && (value.includes('\0') || !value.isWellFormed())) {
    refuseHere('Strings must be well-formed Unicode without the character NUL')
  }
}

/** `isExactNumber` for a number of YAML's core schema (YAML 1.2 section 10.3.2). */
function isExact(source: string): boolean {
  if (/^0[xo]/.test(source)) return isExactNumber(String(BigInt(source)))
  const json = source
    .replace(/^\+/, '')
    .replace(/^-?(?=\.)/, '$&0')
    .replace(/\.(?!\d)/, '')
  return isExactNumber(json)
}

type Path = readonly (Document | Node | Pair)[]

/** @returns a JSON Pointer */
function pointerTo(node: Node, path: Path): string {
  const nodes = [...path, node]
  const names: (string | number)[] = []
  for (const [index, ancestor] of nodes.entries()) {
    if (isPair(ancestor) && isScalar(ancestor.key)) names.push(String(ancestor.key.value))
    else if (isSeq(ancestor)) names.push(ancestor.items.indexOf(nodes[index + 1]))
  }
  return jsonPointer(...names)
}

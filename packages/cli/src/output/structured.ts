import { Document, Scalar, visit } from 'yaml'
import { escapeUnsafe, isUnsafe } from '../terminal/safe-text.ts'

/** Forms of a result for programs. */
export type StructuredFormat = 'json' | 'yaml'

const INDENT = 2

/** A value as JSON or YAML, in which every character is safe to show on a terminal. */
export function structured(value: unknown, format: StructuredFormat): string {
  return format === 'json' ? escapeUnsafe(JSON.stringify(value, null, INDENT)) : yaml(value)
}

/** The lines of a list, item by item: as one text, a long list would be longer than a string can be. */
export function* structuredItems(items: readonly unknown[], format: StructuredFormat): Generator<string> {
  if (items.length === 0) {
    yield '[]'
  } else if (format === 'yaml') {
    for (const item of items) yield yaml([item])
  } else {
    yield '['
    for (const [index, item] of items.entries()) {
      const text = structured(item, 'json').replaceAll(/^/gm, ' '.repeat(INDENT))
      yield index === items.length - 1 ? text : `${text},`
    }
    yield ']'
  }
}

function yaml(value: unknown): string {
  // Readers of YAML 1.1 would take an unquoted `no` for false, and a time for a date.
  const document = new Document(value, { compat: 'yaml-1.1' })
  visit(document, {
    Scalar: (_, node) => {
      if (typeof node.value === 'string' && isUnsafe(node.value)) node.type = Scalar.QUOTE_DOUBLE
    },
  })
  return escapeUnsafe(document.toString({ lineWidth: 0 })).trimEnd()
}

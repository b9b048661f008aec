import { isNode, isScalar, visit } from 'yaml'
import { looseDocument, pathTo, readLoosely } from './loose-document.ts'
import type { Path } from './walk.ts'

/** A field of a spec, by its name. */
export interface Field {
  readonly path: Path
  /** Where its name stands. */
  readonly from: number
  readonly to: number
}

/** The innermost field around a place of a text, and the spec. @param isOn whether the place must be on its name or its own value */
export function fieldAt(
  text: string,
  at: number,
  isOn: boolean,
): { readonly field: Field; readonly spec: unknown } | undefined {
  const document = looseDocument(text)
  let field: Field | undefined
  visit(document, {
    Pair: (_key, pair, above) => {
      const name = rangeOf(pair.key)
      if (name === undefined || !isScalar(pair.key)) return undefined
      const value = rangeOf(pair.value) ?? name
      const isAround = at >= name.from && at <= Math.max(name.to, value.to)
      if (!isAround) return visit.SKIP
      const isOwn = at <= name.to || (isScalar(pair.value) && at >= value.from)
      if (isOwn || !isOn) field = { path: [...pathTo(above, pair), String(pair.key.value)], ...name }
      return undefined
    },
  })
  return field === undefined ? undefined : { field, spec: readLoosely(document) }
}

function rangeOf(node: unknown): { readonly from: number; readonly to: number } | undefined {
  if (!isNode(node) || node.range == null) return undefined
  const [from, to] = node.range
  return { from, to }
}

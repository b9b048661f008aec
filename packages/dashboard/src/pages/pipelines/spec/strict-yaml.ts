import { type Document, isAlias, isCollection, isMap, isNode, isScalar, type Scalar, visit } from 'yaml'
import { specEditor } from '../../../texts/spec-editor.ts'
import { isExactNumber } from './exact-number.ts'

/** Something of YAML that JSON does not have: an offset in UTF-16 units, and what to do about it. */
export interface Strictness {
  readonly from: number
  readonly to: number
  readonly message: string
}

const { yaml: words } = specEditor

/**
 * What a spec may not have because JSON has no place for it, or because other readers of YAML take it for something else. The
 * spec is sent as JSON, which would change such values without a word; the server refuses all this in YAML, too.
 */
export function strictFaults(document: Document): readonly Strictness[] {
  const faults: Strictness[] = []
  const add = (node: unknown, message: string): void => {
    const [from, to] = (isNode(node) ? node.range : undefined) ?? [0, 0]
    faults.push({ from, to, message })
  }
  if (document.directives?.yaml.explicit === true || Object.keys(document.directives?.tags ?? {}).length > 1)
    faults.push({ from: 0, to: 0, message: words.directive })
  visit(document, {
    Node: (_key, node, above) => {
      if (!isAlias(node) && node.tag !== undefined) add(node, words.tag)
      if (isScalar(node)) {
        if (!isExact(node)) add(node, words.inexact)
      } else if (isAlias(node)) {
        if (above.some((one) => isCollection(one) && one.anchor === node.source)) add(node, words.endless)
      } else if (isMap(node)) {
        const names = new Set<unknown>()
        for (const { key } of node.items) {
          if (!isScalar(key) || typeof key.value !== 'string') add(key ?? node, words.name)
          else if (key.value === '<<' && key.type === 'PLAIN') add(key, words.merge)
          else if (names.has(key.value)) add(key, words.twice)
          else names.add(key.value)
        }
      }
    },
  })
  return faults
}

function isExact({ value, source = '' }: Scalar): boolean {
  return typeof value !== 'number' || (Number.isFinite(value) && isExactNumber(source))
}

import type { SchemaFault, SchemaPath } from './compiler.ts'
import type { SchemaNode } from './schema-node.ts'

/**
 * How many schemas one value may be held against, at most. References that double, `a` → twice `b` → twice `c`, reach 2^n of
 * them with n lines.
 */
const SAME_VALUE_MAX = 1000
/** How many of them may be within each other. */
const LEVELS_MAX = 50

const ENDLESS = 'This leads back to itself for the same value. Refer to it from a property or an item.'
const TOO_MANY = `This holds one value against ${SAME_VALUE_MAX} schemas or more. Make it simpler.`
const TOO_DEEP = `This has more than ${LEVELS_MAX} schemas within each other for one value. Make it simpler.`

/** How deep the search goes: a schema alone cannot be deeper, and with shared ones it need not be. */
const DEPTH_MAX = 2000

/** What one value is held against by a schema. */
export interface Extent {
  readonly schemas: number
  readonly levels: number
}

/**
 * Finds what would hold a value against too many schemas, or without end: references that lead back to themselves before
 * the value has got smaller. It reports the first one: those around it exceed the limit too.
 *
 * @param checked extents of the schemas that these may refer to, which have been checked
 * @param extents receives those of these schemas
 */
export function sameValueFault(
  nodes: readonly SchemaNode[],
  checked: ReadonlyMap<SchemaNode, Extent | 'open'>,
  extents: Map<SchemaNode, Extent | 'open'>,
): SchemaFault | null {
  let fault: SchemaFault | null = null
  const extentOf = (node: SchemaNode, path: SchemaPath, depth: number): Extent => {
    const known = extents.get(node) ?? checked.get(node)
    if (known === 'open') fault ??= { path, message: ENDLESS }
    if (known !== undefined) return known === 'open' ? { schemas: 0, levels: 0 } : known
    if (depth > DEPTH_MAX) {
      fault ??= { path, message: TOO_DEEP }
      return { schemas: 0, levels: 0 }
    }
    extents.set(node, 'open')
    let schemas = 1
    let levels = 1
    for (const beside of node.beside) {
      const extent = extentOf(beside.node(), beside.path, depth + 1)
      schemas += extent.schemas
      levels = Math.max(levels, extent.levels + 1)
    }
    if (schemas > SAME_VALUE_MAX) fault ??= { path: node.path, message: TOO_MANY }
    if (levels > LEVELS_MAX) fault ??= { path: node.path, message: TOO_DEEP }
    const extent = { schemas, levels }
    extents.set(node, extent)
    return extent
  }
  for (const node of nodes) extentOf(node, node.path, 0)
  return fault
}

import type { Route, RouteTable } from '../routing/route-table.ts'
import { AMBIGUOUS } from '../routing/route-tree.ts'

/**
 * The route that a table finds, or null.
 *
 * @throws Error if the search was given up
 */
export function foundRoute(table: RouteTable, method: string, path: string): Route | null {
  const found = table.find(method, path)
  if (found === AMBIGUOUS) throw new Error(`the search for ${method} ${path} was given up`)
  return found
}

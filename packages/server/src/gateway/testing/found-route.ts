import type { DeploymentRecord } from '@sallyport/core'
import { RouteTable, type Route, type Routes } from '../routing/route-table.ts'
import { atOnce } from '../routing/steps.ts'
import { AMBIGUOUS } from '../routing/route-tree.ts'

/**
 * The route that a table finds, or null.
 *
 * @throws Error if the search was given up
 */
export function foundRoute(table: Routes, method: string, path: string): Route | null {
  const found = table.find(method, path)
  if (found === AMBIGUOUS) throw new Error(`the search for ${method} ${path} was given up`)
  return found
}

export function tableOf(deployments: readonly DeploymentRecord[]): RouteTable {
  return atOnce(RouteTable.of(deployments))
}

import { HostKeys, hostsOf, type DeploymentRecord, type EnvironmentView } from '@sallyport/core'
import { changeBetween, type DeploymentChange } from './deployment-change.ts'
import { RouteTable, type Route, type Routes } from './route-table.ts'
import type { Ambiguous } from './route-tree.ts'
import type { Steps } from './steps.ts'

type Deployments = EnvironmentView['deployments']

interface HostTable {
  /** How many deployments it has. */
  readonly size: number
  readonly table: RouteTable
}

/** The routes of one environment: those of any host, and those of each host that a trigger names. Immutable. */
export class HostRoutes {
  readonly #common: RouteTable
  /** By host or pattern of hosts. */
  readonly #own: HostKeys<HostTable>
  /** By host or pattern, made when a request needs it: what can be reached at the hosts for which it counts. */
  readonly #places = new Map<string, Routes>()

  private constructor(common: RouteTable, own: HostKeys<HostTable>) {
    this.#common = common
    this.#own = own
  }

  /** The hosts, and patterns of hosts, that have routes of their own. */
  get hosts(): string[] {
    return [...this.#own.all.keys()]
  }

  /** The routes of an environment's deployments, made in steps of one pattern each. */
  static *of(started: readonly DeploymentRecord[]): Steps<HostRoutes> {
    return yield* new HostRoutes(RouteTable.EMPTY, new HostKeys(new Map())).#after({
      replaced: [],
      started,
      ended: [],
    })
  }

  /** The routes after a change of the environment's deployments, made in steps of one pattern each. */
  *after(before: Deployments, deployments: Deployments): Steps<HostRoutes> {
    return yield* this.#after(changeBetween(before, deployments))
  }

  *#after(change: DeploymentChange): Steps<HostRoutes> {
    const parts = partsOf(change)
    const common = yield* this.#common.after(parts.get('') ?? NO_CHANGE)
    parts.delete('')
    if (parts.size === 0) return new HostRoutes(common, this.#own)
    const own = new Map(this.#own.all)
    for (const [host, part] of parts) {
      const { table, size } = own.get(host) ?? { table: RouteTable.EMPTY, size: 0 }
      const next = size + part.started.length - part.replaced.length - part.ended.length
      if (next === 0) own.delete(host)
      else own.set(host, { table: yield* table.after(part), size: next })
    }
    return new HostRoutes(common, new HostKeys(own))
  }

  /**
   * What requests to a host can reach. Routes of the host itself are preferred to those of patterns, those of a longer pattern
   * to those of a shorter one, and all of them to routes of any host.
   *
   * @param host a host of the environment's own, see `EnvironmentPath`; null for another one, which no trigger can name
   */
  at(host: string | null): Routes {
    if (host === null || this.#own.all.size === 0) return this.#common
    const key = this.#own.keyOf(host)
    if (key === undefined) return this.#common
    let place = this.#places.get(key)
    if (place === undefined) {
      place = new RoutesOfHost(this.#tablesOf(key))
      this.#places.set(key, place)
    }
    return place
  }

  #tablesOf(key: string): RouteTable[] {
    const own = this.#own.keysOf(key).flatMap((each) => this.#own.all.get(each)?.table ?? [])
    return [...own, this.#common]
  }
}

/** The routes of several tables, each of which is preferred to the next one, whatever its patterns. */
class RoutesOfHost implements Routes {
  readonly #tables: readonly RouteTable[]

  constructor(tables: readonly RouteTable[]) {
    this.#tables = tables
  }

  find(method: string, path: string): Route | null | Ambiguous {
    for (const table of this.#tables) {
      const route = table.find(method, path)
      if (route !== null) return route
    }
    return null
  }

  mayReachOther(route: Route, method: string, path: string, isPlain: boolean): boolean {
    if (!route.isDynamic) return false
    let isBelow = false
    for (const table of this.#tables) {
      if (isBelow) {
        if (table.mayBeReachedBelow(route, method, path, isPlain)) return true
      } else {
        if (table.mayReachOther(route, method, path, isPlain)) return true
        isBelow = table.find(method, path) === route
      }
    }
    return false
  }

  methodsOf(path: string): string[] {
    return [...new Set(this.#tables.flatMap((table) => table.methodsOf(path)))].sort()
  }
}

const NO_CHANGE: DeploymentChange = { replaced: [], started: [], ended: [] }

/** The parts of a change by host, see `hostsOf`. */
function partsOf(change: DeploymentChange): Map<string, DeploymentChange> {
  const parts = new Map<string, Record<keyof DeploymentChange, DeploymentRecord[]>>()
  for (const kind of ['replaced', 'started', 'ended'] as const) {
    for (const deployment of change[kind]) {
      for (const host of hostsOf(deployment.spec.trigger)) {
        const part = parts.get(host) ?? { replaced: [], started: [], ended: [] }
        part[kind].push(deployment)
        parts.set(host, part)
      }
    }
  }
  return parts
}

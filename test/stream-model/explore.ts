import { steps } from './protocol.ts'
import { initialState, violation, type Bounds, type Rule, type State } from './state.ts'

/** What was found in all states that can be reached. */
export interface Exploration {
  readonly states: number
  /** What breaks the guarantee, with the fewest steps to it; undefined if nothing does. */
  readonly broken?: { readonly what: string; readonly trace: readonly string[] }
}

interface Reached {
  readonly state: State
  readonly name: string
  readonly from: Reached | null
}

/** Visits every state that can be reached, the nearest first, until one breaks the guarantee. */
export function explore(bounds: Bounds, without: Rule | null): Exploration {
  const first = initialState(bounds)
  const seen = new Set([keyOf(first)])
  let front: readonly Reached[] = [{ state: first, name: '', from: null }]
  while (front.length > 0) {
    const next: Reached[] = []
    for (const reached of front) {
      for (const { name, state } of steps(reached.state, bounds, without)) {
        const key = keyOf(state)
        if (seen.has(key)) continue
        seen.add(key)
        const here = { state, name, from: reached }
        const what = violation(state, without)
        if (what !== undefined) return { states: seen.size, broken: { what, trace: traceOf(here) } }
        next.push(here)
      }
    }
    front = next
  }
  return { states: seen.size }
}

function traceOf(last: Reached): readonly string[] {
  const names: string[] = []
  for (let at: Reached | null = last; at !== null && at.from !== null; at = at.from) names.unshift(at.name)
  return names
}

/** Gateways have no names, so states that differ by their order are one. */
function keyOf({ history, changes, restores, faults, nodes, gateways }: State): string {
  let key = `${history} ${changes} ${restores} ${faults}`
  for (const { known, isListed, believesListed } of nodes)
    key += ` ${known}${isListed ? 1 : 0}${believesListed ? 1 : 0}`
  const keys = gateways.map(keyOfGateway)
  return key + (keys.length > 1 ? keys.toSorted() : keys).join('')
}

function keyOfGateway(gateway: State['gateways'][number]): string {
  let key = '|'
  for (const value of Object.values(gateway))
    key += typeof value === 'object' ? `${JSON.stringify(value)},` : `${value},`
  return key
}

/** A member of a state that an event changed. */
export interface Difference {
  /** Where it is, such as `spec.trigger.path`. */
  readonly path: string
  /** As text; undefined if it was absent. */
  readonly before: string | undefined
  readonly after: string | undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The values in a state, by their paths. A list counts as one value. */
function leavesOf(state: unknown, path: string, leaves: Map<string, string>): Map<string, string> {
  if (isObject(state) && Object.keys(state).length > 0) {
    for (const [name, value] of Object.entries(state)) {
      leavesOf(value, path === '' ? name : `${path}.${name}`, leaves)
    }
  } else if (path !== '') {
    leaves.set(path, textOf(state ?? null))
  } else if (state !== null && !isObject(state)) {
    leaves.set(path, textOf(state))
  }
  return leaves
}

/** What an event changed: the values that differ, in the order of the state. */
export function diffOf(before: unknown, after: unknown): readonly Difference[] {
  const old = leavesOf(before, '', new Map())
  const now = leavesOf(after, '', new Map())
  const paths = new Set([...old.keys(), ...now.keys()])
  return [...paths]
    .map((path) => ({ path, before: old.get(path), after: now.get(path) }))
    .filter((difference) => difference.before !== difference.after)
}

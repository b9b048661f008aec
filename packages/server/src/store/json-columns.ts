const EMPTY: readonly never[] = Object.freeze([])

/** Reads a list that we wrote as JSON. Most lists of most keys are empty, and an empty one costs nothing to read. */
export function listFromJson<T>(json: string): readonly T[] {
  return json === '[]' ? EMPTY : (JSON.parse(json) as readonly T[])
}

/** Writes a value as JSON; what is undefined becomes null. */
export function toJson(value: unknown): string {
  return JSON.stringify(value ?? null)
}

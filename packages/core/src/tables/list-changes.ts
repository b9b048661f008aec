/** How a list differs from another one. Plain data, so that it can cross threads. */
export interface ListChanges<T> {
  readonly length: number
  /** The elements that differ, by their places. */
  readonly changed: readonly (readonly [place: number, element: T])[]
}

/** How `after` differs from `before`. Elements are the same if they are identical. */
export function listChanges<T>(before: readonly T[], after: readonly T[]): ListChanges<T> {
  return nestedChanges(before, after, (_, element) => element)
}

/**
 * The same with changes of the elements in place of the elements.
 *
 * @param change of an element that differs; `before` is undefined if its place is new
 */
export function nestedChanges<T, C>(
  before: readonly T[],
  after: readonly T[],
  change: (before: T | undefined, after: T) => C,
): ListChanges<C> {
  const changed: [number, C][] = []
  if (before !== after) {
    for (const [place, element] of after.entries()) {
      if (element !== before[place]) changed.push([place, change(before[place], element)])
    }
  }
  return { length: after.length, changed }
}

/** The list that `listChanges` compared with `before`. */
export function changedList<T>(before: readonly T[], changes: ListChanges<T>): readonly T[] {
  return nestedList(before, changes, (_, element) => element)
}

/** The list that `nestedChanges` compared with `before`. @param apply gives an element after its change */
export function nestedList<T, C>(
  before: readonly T[],
  { length, changed }: ListChanges<C>,
  apply: (before: T | undefined, change: C) => T,
): readonly T[] {
  if (length === before.length && changed.length === 0) return before
  const after = before.slice(0, length)
  for (const [place, change] of changed) after[place] = apply(before[place], change)
  return after
}

/** The same changes in several parts, one to be applied after the other. @param max of elements in a part */
export function* inParts<T>(changes: ListChanges<T>, max: number): Generator<ListChanges<T>> {
  const { length, changed } = changes
  if (changed.length <= max) {
    yield changes
    return
  }
  for (let first = 0; first < changed.length; first += max) {
    yield { length, changed: changed.slice(first, first + max) }
  }
}

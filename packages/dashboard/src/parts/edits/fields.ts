import { t } from '../../texts/texts.ts'

/** How a field of a form is compared, told and brought together with what another person made of it. */
export interface EditField<Value> {
  readonly label: string
  readonly isSame: (one: Value, other: Value) => boolean
  /** What `after` has that `before` has not, in words. */
  readonly told: (before: Value, after: Value) => string
  /** What is saved on top of theirs. */
  readonly merged: (before: Value, yours: Value, theirs: Value) => Value
}

/** The fields of a form, by the names of its values. */
export type EditFields<Values> = { readonly [Name in keyof Values]: EditField<Values[Name]> }

/** The value of each field, told with the words of the form. */
type NameOf<Values> = keyof Values & string

/**
 * A field with one value. Yours is saved if you have changed it.
 *
 * @param input what counts of the value: what is sent of it
 */
export function valueField<Value>(
  label: string,
  told: (value: Value) => string,
  input: (value: Value) => unknown = (value) => value,
): EditField<Value> {
  const isSame = (one: Value, other: Value): boolean =>
    JSON.stringify(input(one)) === JSON.stringify(input(other))
  return {
    label,
    isSame,
    told: (_before, after) => told(after),
    merged: (before, yours, theirs) => (isSame(before, yours) ? theirs : yours),
  }
}

/** A field whose items are chosen one by one, in any order. What you added and removed is done to theirs. */
export function listField<Item>(label: string, told: (item: Item) => string): EditField<readonly Item[]> {
  const textOf = (item: Item): string =>
    JSON.stringify(item, typeof item === 'object' && item !== null ? Object.keys(item).toSorted() : null)
  const without = (all: readonly Item[], others: readonly Item[]): readonly Item[] => {
    const texts = new Set(others.map(textOf))
    return all.filter((item) => !texts.has(textOf(item)))
  }
  return {
    label,
    isSame: (one, other) => one.length === other.length && without(one, other).length === 0,
    told(before, after) {
      const added = without(after, before).map(told)
      const removed = without(before, after).map(told)
      return t.overtaken.items(added, removed)
    },
    merged(before, yours, theirs) {
      const added = without(without(yours, before), theirs)
      return [...without(theirs, without(before, yours)), ...added]
    },
  }
}

function namesOf<Values extends object>(fields: EditFields<Values>): readonly NameOf<Values>[] {
  return Object.keys(fields) as NameOf<Values>[]
}

/** Whether all fields are the same. */
export function areSame<Values extends object>(
  fields: EditFields<Values>,
  one: Values,
  other: Values,
): boolean {
  return namesOf(fields).every((name) => fields[name].isSame(one[name], other[name]))
}

/** The values to save on top of theirs: what you have changed is yours, and everything else theirs. */
export function mergedValues<Values extends object>(
  fields: EditFields<Values>,
  { before, yours, theirs }: Versions<Values>,
): Values {
  const names = namesOf(fields)
  const merged = names.map((name) => [name, fields[name].merged(before[name], yours[name], theirs[name])])
  return { ...theirs, ...(Object.fromEntries(merged) as Partial<Values>) }
}

/** The values that a form began with, those that you have chosen, and those that another person has saved meanwhile. */
export interface Versions<Values> {
  readonly before: Values
  readonly yours: Values
  readonly theirs: Values
}

/** A field that another person has changed. */
export interface ChangedField {
  readonly label: string
  readonly theirs: string
  /** Undefined if you have not changed it. */
  readonly yours: string | undefined
}

/** The fields that another person has changed meanwhile. */
export function changedFields<Values extends object>(
  fields: EditFields<Values>,
  { before, yours, theirs }: Versions<Values>,
): readonly ChangedField[] {
  return namesOf(fields).flatMap((name) => {
    const { label, isSame, told } = fields[name]
    if (isSame(before[name], theirs[name])) return []
    const isYours = !isSame(before[name], yours[name])
    return [
      {
        label,
        theirs: told(before[name], theirs[name]),
        yours: isYours ? told(before[name], yours[name]) : undefined,
      },
    ]
  })
}

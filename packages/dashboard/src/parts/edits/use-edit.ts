import { useState } from 'react'
import { Overtaken, type Thing } from '../../data/edits/overtaken.ts'
import { areSame, type ChangedField, changedFields, type EditFields, mergedValues } from './fields.ts'

/** The change that a form makes, as the library tells of it. */
interface Saving {
  readonly error: unknown
  readonly reset: () => void
}

interface EditOptions<Shown extends object, Values extends object> {
  /** What is changed, with its ETag; null for what is not there and is made. */
  readonly shown: Shown | null
  readonly valuesOf: (shown: Shown | null) => Values
  readonly fields: EditFields<Values>
  readonly saving: Saving
  /** Sends the change. What it sends to be compared is `seen`. */
  readonly save: (values: Values, seen: Shown | null) => void
  /**
   * When the form counts as opened, and no longer follows what is read in the background: at once, or, for one that a page
   * always shows, with the first change.
   */
  readonly opensWith?: 'page' | 'first-change'
}

/** What another person has made of something while it was edited here. */
export interface OvertakenEdit {
  readonly thing: Thing
  /** Whether it was there before, and whether it is there now. */
  readonly was: boolean
  readonly is: boolean
  /** The fields of the form that have changed. */
  readonly changed: readonly ChangedField[]
  /** Whether nothing of what you have typed is left to save. */
  readonly isDone: boolean
  /** Goes on with what is there now, without what was typed. */
  readonly takeOver: () => void
  /** Saves what was typed on top of what is there now. */
  readonly saveAnyway: () => void
}

/** A form that changes something which others may change meanwhile. */
export interface Edit<Shown extends object, Values extends object> {
  /** What the form began with. */
  readonly seen: Shown | null
  readonly before: Values
  readonly values: Values
  readonly isChanged: boolean
  readonly set: (change: Partial<Values>) => void
  readonly save: () => void
  /** Goes back to what is there. */
  readonly discard: () => void
  readonly overtaken: OvertakenEdit | undefined
}

interface Typed<Shown, Values> {
  readonly seen: Shown | null
  readonly values: Values
}

/** The state of such a form: what it began with, what was typed, and what another person has made of it. */
export function useEdit<Shown extends object, Values extends object>(
  options: EditOptions<Shown, Values>,
): Edit<Shown, Values> {
  const { shown, valuesOf, fields, saving, save, opensWith = 'page' } = options
  const untyped = (): Typed<Shown, Values> => ({ seen: shown, values: valuesOf(shown) })
  const [typed, setTyped] = useState<Typed<Shown, Values> | null>(opensWith === 'page' ? untyped : null)
  const { seen, values } = typed ?? untyped()
  const before = valuesOf(seen)
  const isChanged = !areSame(fields, before, values)
  const goOnWith = (next: Typed<Shown, Values>): void => {
    const follows = opensWith === 'first-change' && areSame(fields, valuesOf(next.seen), next.values)
    setTyped(follows ? null : next)
  }
  const overtakenBy = (by: Overtaken): OvertakenEdit => {
    const now = by.now as Shown | null
    const theirs = valuesOf(now)
    const versions = { before: valuesOf(by.before as Shown | null), yours: values, theirs }
    const merged = mergedValues(fields, versions)
    return {
      thing: by.thing,
      was: by.before !== null,
      is: now !== null,
      changed: changedFields(fields, versions),
      isDone: areSame(fields, merged, theirs),
      takeOver() {
        saving.reset()
        goOnWith({ seen: now, values: theirs })
      },
      saveAnyway() {
        setTyped({ seen: now, values: merged })
        save(merged, now)
      },
    }
  }
  return {
    seen,
    before,
    values,
    isChanged,
    set: (change) => goOnWith({ seen, values: { ...values, ...change } }),
    save: () => save(values, seen),
    discard() {
      saving.reset()
      setTyped(opensWith === 'page' ? untyped() : null)
    },
    overtaken: saving.error instanceof Overtaken ? overtakenBy(saving.error) : undefined,
  }
}

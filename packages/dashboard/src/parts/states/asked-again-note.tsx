import type { Overtaken } from '../../data/edits/overtaken.ts'
import { instant } from '../../format/times.ts'
import { fieldName } from '../../texts/shared/fields.ts'
import { t } from '../../texts/texts.ts'
import { Note } from './note.tsx'
import classes from './overtaken-note.module.css'

/** Another person has changed what a question is about: what is different now. The question stays, and asks again. */
export function AskedAgainNote({ by: { thing, before, now } }: { readonly by: Overtaken }) {
  const { overtaken: words } = t
  if (now === null) return <Note tone="warn" role="alert" isBrought title={words.gone(thing)} />
  return (
    <Note tone="warn" role="alert" isBrought title={words.asked(thing)}>
      <p>{words.askedAgain}</p>
      <ul className={classes.fields}>
        {changedMembers(before ?? {}, now).map(({ name, was, is }) => (
          <li key={name}>
            <span className={classes.label}>{fieldName(name)}</span>
            <dl className={classes.sides}>
              <dt>{words.was}</dt>
              <dd>{was}</dd>
              <dt>{words.now}</dt>
              <dd>{is}</dd>
            </dl>
          </li>
        ))}
      </ul>
    </Note>
  )
}

interface ChangedMember {
  readonly name: string
  readonly was: string
  readonly is: string
}

/** Members that say when something was changed last, and who changed it. They follow from each change. */
const ABOUT_CHANGES: ReadonlySet<string> = new Set(['updatedAt', 'updatedBy'])
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

/** The simple members that differ. */
function changedMembers(before: object, now: object): readonly ChangedMember[] {
  const was = new Map<string, unknown>(Object.entries(before))
  return Object.entries(now).flatMap(([name, value]) => {
    const [one, other] = [wordsOf(was.get(name)), wordsOf(value)]
    if (one === undefined || other === undefined || one === other || ABOUT_CHANGES.has(name)) return []
    return [{ name, was: one, is: other }]
  })
}

/** A value in words; undefined for one that has no few words. */
function wordsOf(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return t.overtaken.none
  if (typeof value === 'boolean') return value ? t.overtaken.yes : t.overtaken.no
  if (typeof value === 'string') {
    if (INSTANT.test(value)) return instant(Date.parse(value))
    return (t.events.words as Readonly<Record<string, string>>)[value] ?? value
  }
  if (typeof value === 'number') return String(value)
  if (!Array.isArray(value)) return undefined
  const items = value.map(wordsOf)
  if (items.length === 0) return t.overtaken.none
  return items.every((item) => item !== undefined) ? items.join(', ') : undefined
}

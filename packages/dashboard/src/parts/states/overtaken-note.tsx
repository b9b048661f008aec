import { Button } from '@mantine/core'
import { t } from '../../texts/texts.ts'
import { Absent } from '../absent.tsx'
import type { OvertakenEdit } from '../edits/use-edit.ts'
import { Note } from './note.tsx'
import classes from './overtaken-note.module.css'

/** Another person has changed what this form changes: what is different now, and how to go on. */
export function OvertakenNote({ edit }: { readonly edit: OvertakenEdit }) {
  const { changed, isDone, is, was, takeOver, saveAnyway } = edit
  const { overtaken: words } = t
  return (
    <Note tone="warn" role="alert" isBrought title={titleOf(edit)}>
      <p>{isDone ? words.done : words.saved}</p>
      {is && changed.length === 0 && !isDone && <p>{words.elsewhere}</p>}
      {is && changed.length > 0 && (
        <ul className={classes.fields}>
          {changed.map(({ label, theirs, yours }) => (
            <li key={label}>
              <span className={classes.label}>{label}</span>
              <dl className={classes.sides}>
                <dt>{words.theirs}</dt>
                <dd>{theirs}</dd>
                <dt>{words.yours}</dt>
                <dd>{yours ?? <Absent>{words.untouched}</Absent>}</dd>
              </dl>
            </li>
          ))}
        </ul>
      )}
      {was && is && !isDone && <p>{words.kept}</p>}
      <div className={classes.buttons}>
        {is && (
          <Button size="xs" onClick={takeOver}>
            {words.takeOver}
          </Button>
        )}
        {!isDone && (
          <Button size="xs" onClick={saveAnyway}>
            {is ? (was ? words.saveAnyway : words.replace) : words.makeAnew}
          </Button>
        )}
      </div>
    </Note>
  )
}

function titleOf({ thing, was, is }: OvertakenEdit): string {
  if (!is) return t.overtaken.removed(thing)
  return was ? t.overtaken.changed(thing) : t.overtaken.exists(thing)
}

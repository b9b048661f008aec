import { useLostAt } from '../data/connection.ts'
import { timeOfDay } from '../format/times.ts'
import { Note } from '../parts/states/note.tsx'
import { t } from '../texts/texts.ts'
import classes from './shell.module.css'

/** Says that what is shown may be old, while the server cannot be reached. */
export function LostConnection() {
  const lostAtMs = useLostAt()
  if (lostAtMs === null) return null
  return (
    <div className={classes.lost}>
      <Note tone="warn" role="alert" title={t.shell.lost(timeOfDay(lostAtMs))} />
    </div>
  )
}

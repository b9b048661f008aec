import { useAtNow } from '../../../parts/now.ts'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import { localTime, nextDueTimes, ownTimeZone } from './next-due-times.ts'
import classes from './next-runs.module.css'

/** So many are shown. */
const RUNS = 5
const MINUTE_MS = 60_000

interface NextRunsProps {
  readonly schedule: string
  readonly timeZone: string
}

/** When a schedule is due next, in its time zone and in that of the person. */
export function NextRuns({ schedule, timeZone }: NextRunsProps) {
  const nowMs = useAtNow((atMs) => Math.floor(atMs / MINUTE_MS) * MINUTE_MS)
  const dueMs = nextDueTimes({ schedule, timeZone }, nowMs, RUNS)
  const own = ownTimeZone()
  const words = t.nextRuns
  return (
    <section aria-label={words.title}>
      <h3>{words.title}</h3>
      {dueMs.length === 0 ? (
        <p className={text.meta}>{words.none}</p>
      ) : (
        <table className={classes.runs}>
          <thead>
            <tr>
              <th scope="col">{words.inZone(timeZone)}</th>
              {own !== timeZone && <th scope="col">{words.here(own)}</th>}
            </tr>
          </thead>
          <tbody>
            {dueMs.map((atMs) => (
              <tr key={atMs}>
                <td>
                  <time dateTime={new Date(atMs).toISOString()}>{localTime(atMs, timeZone)}</time>
                </td>
                {own !== timeZone && <td>{localTime(atMs, own)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

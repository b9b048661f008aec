import { t } from '../../texts/texts.ts'
import { diffOf } from './diff.ts'
import classes from './differences.module.css'

interface DifferencesProps {
  readonly before: unknown
  readonly after: unknown
}

/** What an event changed, value by value: the old one is marked with a minus, and the new one with a plus. */
export function Differences({ before, after }: DifferencesProps) {
  const { panel } = t.audit
  const differences = diffOf(before, after)
  if (before === null && after === null) return <p className={classes.none}>{panel.nothing}</p>
  if (differences.length === 0) return <p className={classes.none}>{panel.same}</p>
  return (
    <dl className={classes.differences}>
      {differences.map((difference) => (
        <div key={difference.path} className={classes.difference}>
          <dt>{difference.path === '' ? panel.state : difference.path}</dt>
          {difference.before !== undefined && (
            <dd className={classes.before}>
              <del aria-label={`${panel.before}: ${difference.before}`}>{difference.before}</del>
            </dd>
          )}
          {difference.after !== undefined && (
            <dd className={classes.after}>
              <ins aria-label={`${panel.after}: ${difference.after}`}>{difference.after}</ins>
            </dd>
          )}
        </div>
      ))}
    </dl>
  )
}

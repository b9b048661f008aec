import { useMemo } from 'react'
import { t } from '../../../texts/texts.ts'
import classes from './diff-view.module.css'
import { lineDiff } from './line-diff.ts'

interface DiffViewProps {
  readonly label: string
  readonly before: string
  readonly after: string
}

const SIGNS = { same: ' ', removed: '−', added: '+' } as const

/** Two texts as one: lines that are gone, and lines that are new. */
export function DiffView({ label, before, after }: DiffViewProps) {
  const lines = useMemo(() => lineDiff(before, after), [before, after])
  if (lines.every(({ change }) => change === 'same')) return <p>{t.pipeline.versions.same}</p>
  return (
    <figure className={classes.diff} aria-label={label}>
      <ol>
        {lines.map(({ change, text: line, before: old, after: fresh }) => (
          <li key={`${old}-${fresh}`} data-change={change}>
            <span aria-hidden="true">{SIGNS[change]}</span>
            {change !== 'same' && (
              <span className={classes.hidden}>{t.pipeline.versions.changes[change]}</span>
            )}
            <code>{line}</code>
          </li>
        ))}
      </ol>
    </figure>
  )
}

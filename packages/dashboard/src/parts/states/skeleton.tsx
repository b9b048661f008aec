import { t } from '../../texts/texts.ts'
import classes from './skeleton.module.css'

/** Rows that are being read. They appear after a moment, so that quick answers do not flicker. */
export function RowsSkeleton({ rows }: { readonly rows: number }) {
  return (
    <div className={classes.skeleton} role="status" aria-label={t.parts.loading}>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className={classes.row}>
          <span className={classes.bar} data-width={['long', 'short', 'middle'][row % 3]} />
        </div>
      ))}
    </div>
  )
}

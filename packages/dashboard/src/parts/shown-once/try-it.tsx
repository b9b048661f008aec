import { t } from '../../texts/texts.ts'
import { Snippet } from '../snippet.tsx'
import { State } from '../state.tsx'
import { When } from '../when.tsx'
import classes from './shown-once.module.css'

interface TryItProps {
  readonly lines: string
  /** When the token was used last; null for never, undefined for a person who may not see it. */
  readonly usedAt: string | null | undefined
}

/** A call to paste, and whether the token was used. */
export function TryIt({ lines, usedAt }: TryItProps) {
  return (
    <div className={classes.part}>
      <h3>{t.token.tryIt}</h3>
      <Snippet label={t.token.tryIt}>{lines}</Snippet>
      {usedAt === null && (
        <State tone="info" mark="half">
          {t.token.waiting}
        </State>
      )}
      {typeof usedAt === 'string' && (
        <State tone="ok">
          {t.token.called} <When at={usedAt} />
        </State>
      )}
    </div>
  )
}

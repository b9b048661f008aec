import { Button } from '@mantine/core'
import { useId } from 'react'
import text from '../../../parts/text.module.css'
import { t } from '../../../texts/texts.ts'
import classes from './sections.module.css'

interface SaveBarProps {
  readonly isChanged: boolean
  /** Why what is changed cannot be saved; undefined if it can. */
  readonly fault?: string | undefined
  readonly isPending: boolean
  /** What happens when it is saved. */
  readonly effect: string
  readonly onReset: () => void
}

/** The end of a form: what saving it does, or why it cannot be saved. */
export function SaveBar({ isChanged, fault, isPending, effect, onReset }: SaveBarProps) {
  const reason = useId()
  return (
    <div className={classes.save}>
      <Button
        type="submit"
        variant="filled"
        loading={isPending}
        aria-disabled={!isChanged || fault !== undefined || undefined}
        aria-describedby={reason}
      >
        {t.organization.save}
      </Button>
      {isChanged && <Button onClick={onReset}>{t.parts.cancel}</Button>}
      <span id={reason} className={text.meta}>
        {isChanged ? (fault ?? effect) : t.organization.unchanged}
      </span>
    </div>
  )
}

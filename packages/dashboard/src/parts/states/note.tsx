import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'
import classes from './note.module.css'
import text from '../text.module.css'

interface NoteProps {
  readonly tone: 'ok' | 'warn' | 'bad' | 'plain'
  readonly title: ReactNode
  /** What the reader does about it. */
  readonly action?: ReactNode
  readonly role?: 'alert' | 'status'
  readonly children?: ReactNode
}

const ICONS = { ok: 'check', warn: 'warning', bad: 'warning', plain: 'info' } as const

/** A tinted line, for what changes what the reader does next. */
export function Note({ tone, title, action, role, children }: NoteProps) {
  return (
    <div className={classes.note} data-tone={tone} role={role}>
      <Icon name={ICONS[tone]} />
      <div>
        <div className={text.strong}>{title}</div>
        {children !== undefined && <div className={text.meta}>{children}</div>}
      </div>
      {action}
    </div>
  )
}

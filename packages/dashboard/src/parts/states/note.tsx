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
  /** Whether it is scrolled to where it can be seen, as an answer to what was just done. */
  readonly isBrought?: boolean
  readonly children?: ReactNode
}

const ICONS = { ok: 'check', warn: 'warning', bad: 'warning', plain: 'info' } as const

function bringIntoView(note: HTMLElement | null): void {
  note?.scrollIntoView({ block: 'nearest' })
}

/** A tinted line, for what changes what the reader does next. */
export function Note({ tone, title, action, role, isBrought = false, children }: NoteProps) {
  return (
    <div className={classes.note} data-tone={tone} role={role} ref={isBrought ? bringIntoView : undefined}>
      <Icon name={ICONS[tone]} />
      <div>
        <div className={text.strong}>{title}</div>
        {children !== undefined && <div className={text.meta}>{children}</div>}
      </div>
      {action}
    </div>
  )
}

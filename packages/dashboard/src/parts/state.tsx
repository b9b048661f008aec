import type { ReactNode } from 'react'
import classes from './state.module.css'

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle'
/** What the mark looks like, so that its colour is never the only sign. */
export type Mark = 'full' | 'ring' | 'half' | 'bar'

/** How a state is drawn. */
export interface Look {
  readonly tone: Tone
  readonly mark: Mark
}

interface StateProps {
  readonly tone: Tone
  readonly mark?: Mark
  readonly children: ReactNode
}

/** A state: a small mark and a word. */
export function State({ tone, mark = 'full', children }: StateProps) {
  return (
    <span className={classes.state} data-tone={tone} data-mark={mark}>
      {children}
    </span>
  )
}

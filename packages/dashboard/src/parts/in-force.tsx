import type { ReactNode } from 'react'
import { t } from '../texts/texts.ts'
import classes from './in-force.module.css'

/** The line under a title that says what holds now. Each child is one fact. */
export function InForce({ children }: { readonly children: ReactNode }) {
  return (
    <p className={classes.line}>
      <b>{t.parts.inForce}</b>
      {children}
    </p>
  )
}

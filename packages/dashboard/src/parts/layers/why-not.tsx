import type { ReactNode } from 'react'
import { t } from '../../texts/texts.ts'
import classes from './why-not.module.css'

/**
 * Why a form cannot be sent yet, or undefined if it can.
 *
 * @param missing the labels of fields that must be filled in first, and false for each that is
 */
export function whyNotReady(missing: readonly (string | false)[], isUnchanged = false): string | undefined {
  const fields = missing.filter((field) => field !== false)
  if (fields.length > 0) return t.parts.missing(fields)
  return isUnchanged ? t.parts.unchanged : undefined
}

/** Says beside a button why it cannot be pressed. */
export function WhyNot({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <span id={id} className={classes.why}>
      {children}
    </span>
  )
}

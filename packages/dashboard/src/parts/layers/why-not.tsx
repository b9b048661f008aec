import type { ReactNode } from 'react'
import { t } from '../../texts/texts.ts'
import type { OvertakenEdit } from '../edits/use-edit.ts'
import classes from './why-not.module.css'

/**
 * Why a form cannot be sent yet, or undefined if it can.
 *
 * @param missing the labels of fields that must be filled in first, and false for each that is
 * @param overtaken what another person has made of what it changes, which is to be decided first
 */
export function whyNotReady(
  missing: readonly (string | false)[],
  isUnchanged = false,
  overtaken?: OvertakenEdit,
): string | undefined {
  if (overtaken !== undefined) return t.overtaken.choose
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

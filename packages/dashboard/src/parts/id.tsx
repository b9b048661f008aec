import { t } from '../texts/texts.ts'
import { CopyIcon } from './copy-button.tsx'
import classes from './text.module.css'

/** An id, a hint or a code, as people compare them. */
export function Id({ children }: { readonly children: string }) {
  return <span className={classes.id}>{children}</span>
}

/** An id with a button that copies it. */
export function CopyableId({ value }: { readonly value: string }) {
  return (
    <span className={classes.copyable}>
      <Id>{value}</Id>
      <CopyIcon text={value} label={t.parts.copy(value)} />
    </span>
  )
}

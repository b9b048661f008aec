import { Fragment } from 'react'
import { t } from '../texts/texts.ts'
import { CopyIcon } from './copy-button.tsx'
import classes from './text.module.css'

/** An address or a path that may break after each of its parts, not within one. */
export function Breakable({ children }: { readonly children: string }) {
  let end = 0
  return children.split(/(?<=[^/]\/)(?=[^/])/).map((part) => {
    end += part.length
    return (
      <Fragment key={end}>
        {end > part.length && <wbr />}
        {part}
      </Fragment>
    )
  })
}

/** An id, a hint or a code, as people compare them. */
export function Id({ children }: { readonly children: string }) {
  return (
    <span className={classes.id}>
      <Breakable>{children}</Breakable>
    </span>
  )
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

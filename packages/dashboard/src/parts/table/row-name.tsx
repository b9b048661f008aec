import { Link, type LinkProps } from '@tanstack/react-router'
import classes from './row-name.module.css'

interface RowNameProps {
  readonly name: string
  /** What else people call it. */
  readonly about?: string | undefined
  /** The most important of what has left the row, for narrow lists. */
  readonly rest: string
  readonly to: LinkProps
}

/** The name of a row, which leads to its details. */
export function RowName({ name, about, rest, to }: RowNameProps) {
  return (
    <>
      <Link {...to} className={classes.name} title={name}>
        {name}
      </Link>
      {about !== undefined && (
        <span className={classes.about} title={about}>
          {about}
        </span>
      )}
      <span className={classes.rest}>{rest}</span>
    </>
  )
}

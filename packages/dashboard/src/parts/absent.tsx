import classes from './text.module.css'

/** A word in place of a value that is not there: None, Never, Not tracked. */
export function Absent({ children }: { readonly children: string }) {
  return <span className={classes.dim}>{children}</span>
}

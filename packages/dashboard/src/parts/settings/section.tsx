import { type ReactNode, useId } from 'react'
import text from '../text.module.css'
import classes from './section.module.css'

interface SectionProps {
  readonly title: string
  /** What it is for. */
  readonly lead: string
  readonly children: ReactNode
}

/** A part of a page of settings: what it is on the left, what is set on the right. */
export function Section({ title, lead, children }: SectionProps) {
  const id = useId()
  return (
    <section className={classes.section} aria-labelledby={id}>
      <div className={classes.head}>
        <h2 id={id}>{title}</h2>
        <p className={text.meta}>{lead}</p>
      </div>
      <div className={classes.content}>{children}</div>
    </section>
  )
}

/** Things that there are, one below the other. */
export function Rows({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <ul className={classes.rows} aria-label={label}>
      {children}
    </ul>
  )
}

interface RowProps {
  readonly title: ReactNode
  readonly meta: ReactNode
  readonly actions?: ReactNode
}

export function Row({ title, meta, actions }: RowProps) {
  return (
    <li className={classes.row}>
      <div className={classes.facts}>
        <div className={text.strong}>{title}</div>
        <div className={text.meta}>{meta}</div>
      </div>
      <div className={classes.actions}>{actions}</div>
    </li>
  )
}

/** What can be done with the whole section. */
export function SectionActions({ children }: { readonly children: ReactNode }) {
  return <div className={classes.actions}>{children}</div>
}

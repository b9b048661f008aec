import { type ReactNode, useId } from 'react'
import classes from './section.module.css'

interface SectionProps {
  readonly title: string
  /** Beside the title, such as a number. */
  readonly meta?: ReactNode
  /** At the right, such as a link to the page about it. */
  readonly link?: ReactNode
  readonly children: ReactNode
}

/** A part of a page of sections. */
export function Section({ title, meta, link, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className={classes.section}>
      <div className={classes.head}>
        <h2 id={id}>{title}</h2>
        <span className={classes.meta}>{meta}</span>
        {link}
      </div>
      {children}
    </section>
  )
}

/** Sections in two columns: the wide one first. A narrow page has one column. */
export function SectionPair({ children }: { readonly children: ReactNode }) {
  return <div className={classes.pair}>{children}</div>
}

/** Keeps a page of sections from getting too wide to read. */
export function SectionPage({ children }: { readonly children: ReactNode }) {
  return <div className={classes.page}>{children}</div>
}

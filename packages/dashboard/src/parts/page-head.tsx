import type { ReactNode } from 'react'
import { useDocumentTitle } from '@mantine/hooks'
import { t } from '../texts/texts.ts'
import classes from './page-head.module.css'

interface PageHeadProps {
  readonly title: string
  /** What the page is a part of, as a link. */
  readonly parent?: ReactNode
  /** What can be done on the page; the filled button last. */
  readonly children?: ReactNode
}

/** The title of a page and its actions. */
export function PageHead({ title, parent, children }: PageHeadProps) {
  useDocumentTitle(t.parts.documentTitle(title))
  return (
    <div className={classes.head}>
      <h1>
        {parent}
        {title}
      </h1>
      {children}
    </div>
  )
}

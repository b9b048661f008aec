import type { ReactNode } from 'react'
import { useDocumentTitle } from '@mantine/hooks'
import { t } from '../texts/texts.ts'
import classes from './page-head.module.css'

interface PageHeadProps {
  readonly title: string
  /** What can be done on the page; the filled button last. */
  readonly children?: ReactNode
}

/** The title of a page and its actions. */
export function PageHead({ title, children }: PageHeadProps) {
  useDocumentTitle(t.parts.documentTitle(title))
  return (
    <div className={classes.head}>
      <h1>{title}</h1>
      {children}
    </div>
  )
}

import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'
import { t } from '../texts/texts.ts'
import classes from './alone.module.css'
import { Brand } from './brand.tsx'

/** A page without navigation: sign-in, set-up, and what stands where no page is. */
export function Alone({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  useDocumentTitle(t.parts.documentTitle(title))
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Brand />
      </header>
      <main className={classes.main} id="work">
        {children}
      </main>
    </div>
  )
}

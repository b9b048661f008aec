import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Session } from '@sallyport/sdk'
import { Icon } from '../parts/icon.tsx'
import { t } from '../texts/texts.ts'
import { Brand } from './brand.tsx'
import { LostConnection } from './lost-connection.tsx'
import classes from './personal.module.css'
import { Account, ColorScheme } from './top-bar.tsx'

interface PersonalProps {
  readonly session: Session
  /** The organization that the person came from. */
  readonly organization: string | undefined
  readonly children: ReactNode
}

/** The frame around a page about the person, which belongs to no organization. */
export function Personal({ session, organization, children }: PersonalProps) {
  const { member, organizations } = session
  const back = organizations.find(({ slug }) => slug === organization) ?? organizations[0]
  return (
    <>
      <header className={classes.bar}>
        <Brand />
        {back !== undefined && (
          <Link
            className={classes.back}
            to="/organizations/$organization"
            params={{ organization: back.slug }}
          >
            <Icon small name="back" />
            {t.shell.backTo(back.name)}
          </Link>
        )}
        <span className={classes.rest} />
        <ColorScheme />
        <Account name={member.name} email={member.email} organization={back?.slug} />
      </header>
      <LostConnection />
      <main className={classes.work} id="work">
        {children}
      </main>
    </>
  )
}

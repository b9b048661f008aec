import { useQuery } from '@tanstack/react-query'
import { covers } from '../../data/permissions.ts'
import { InForce } from '../../parts/in-force.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { SectionPage } from '../../parts/section.tsx'
import { Split } from '../../parts/split.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Note } from '../../parts/states/note.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { OWNER_MAILS } from './owner-mails.ts'
import classes from './organization-page.module.css'
import { organizationQuery } from './queries.ts'
import { Identity } from './sections/identity.tsx'
import { LeakReaction } from './sections/leak-reaction.tsx'
import { OwnerMails } from './sections/owner-mails.tsx'

const ROWS = 8

/** What is set for the organization: its name and colour, the mails to its owners, and what follows from a leak. */
export function OrganizationPage() {
  const { organization, facts } = usePlace()
  const query = useQuery(organizationQuery(organization))
  const { data } = query
  const mayChange = covers(facts.permissions, { permission: 'organization.write' })
  const { title, force, identity, mayNot } = t.organization
  return (
    <Split panel={false}>
      <SectionPage>
        <PageHead title={title} />
        <InForce>
          {data !== undefined && (
            <>
              <span>
                <strong>{data.name}</strong>
              </span>
              <span>{data.color === null ? force.noColor : force.colors(identity.colors[data.color])}</span>
              <span>{force.mails(data.ownerMails.length, OWNER_MAILS.length)}</span>
            </>
          )}
        </InForce>
        <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
          {(shown) => (
            <>
              {!mayChange && (
                <div className={classes.note}>
                  <Note tone="plain" title={mayNot} />
                </div>
              )}
              <div className={classes.sections}>
                <Identity shown={shown} mayChange={mayChange} />
                <OwnerMails shown={shown} mayChange={mayChange} />
                <LeakReaction shown={shown} mayChange={mayChange} />
              </div>
            </>
          )}
        </Loaded>
      </SectionPage>
    </Split>
  )
}

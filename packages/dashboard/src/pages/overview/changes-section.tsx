import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Actor } from '../../parts/actor.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Section } from '../../parts/section.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { SmallTable } from '../../parts/table/small-table.tsx'
import { When } from '../../parts/when.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { deedOf, subjectOf } from '../audit/event-words.ts'
import classes from './overview-page.module.css'
import { changesQuery } from './queries.ts'

const ROWS = 6

/** The last changes, each with its author. */
export function ChangesSection() {
  const { organization } = usePlace()
  const query = useQuery(changesQuery(organization))
  const { changes } = t.overview
  return (
    <Section
      title={changes.title}
      link={
        <Link
          to="/organizations/$organization/audit"
          params={{ organization }}
          search={(search) => ({ environment: search.environment })}
        >
          {changes.open}
        </Link>
      }
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(events) =>
          events.length === 0 ? (
            <p className={classes.hint}>{changes.none}</p>
          ) : (
            <SmallTable
              caption={changes.title}
              columns={[
                { word: changes.when, width: '6rem' },
                { word: changes.what },
                { word: changes.by, width: '10rem', leaves: true },
              ]}
            >
              {events.map((event) => (
                <tr key={event.sequence}>
                  <td className={classes.dim}>
                    <When at={event.at} />
                  </td>
                  <td>
                    <Link
                      to="/organizations/$organization/audit"
                      params={{ organization }}
                      search={(search) => ({ environment: search.environment, event: event.sequence })}
                      className={classes.change}
                    >
                      {subjectOf(event)}
                    </Link>{' '}
                    {deedOf(event)}
                  </td>
                  <td data-leaves="true">
                    <Actor organization={organization} id={event.actor} />
                  </td>
                </tr>
              ))}
            </SmallTable>
          )
        }
      </Loaded>
    </Section>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Actor } from '../../parts/actor.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { SmallTable } from '../../parts/table/small-table.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import text from '../../parts/text.module.css'
import { When } from '../../parts/when.tsx'
import { t } from '../../texts/texts.ts'
import classes from './access-policies.module.css'
import { versionsQuery } from './queries.ts'

interface HistoryProps {
  readonly organization: string
  readonly environment: string
}

/** The versions of a policy, the newest first. */
export function History({ organization, environment }: HistoryProps) {
  const query = useQuery(versionsQuery(organization, environment))
  const { title, caption, number, mode } = t.policies.history
  return (
    <section aria-label={title(environment)}>
      <h2 className={classes.heading}>{title(environment)}</h2>
      <Loaded query={query} skeleton={<RowsSkeleton rows={3} />}>
        {(versions) => (
          <SmallTable isWrapping caption={caption(environment)} columns={[{ word: number }, { word: mode }]}>
            {versions.map((one, index) => (
              <tr key={one.version} aria-current={index === 0 || undefined}>
                <td>{one.version}</td>
                <td>
                  <code>{one.mode}</code>
                  <div className={text.meta}>
                    <When at={one.updatedAt} as="day" />,{' '}
                    <Actor organization={organization} id={one.updatedBy} />
                  </div>
                </td>
              </tr>
            ))}
          </SmallTable>
        )}
      </Loaded>
    </section>
  )
}

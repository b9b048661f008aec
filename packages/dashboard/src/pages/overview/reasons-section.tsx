import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { count } from '../../format/numbers.ts'
import { inIntervals, periodOf } from '../../data/usage/periods.ts'
import { usageQuery } from '../../data/usage/usage.ts'
import { groupsOf } from '../../data/usage/usage-sums.ts'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Section } from '../../parts/section.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { Share, SmallTable } from '../../parts/table/small-table.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import classes from './overview-page.module.css'
import type { OVERVIEW_PERIODS } from './search.ts'

interface ReasonsSectionProps {
  readonly period: (typeof OVERVIEW_PERIODS)[number]
  readonly reason: string | undefined
}

const SHOWN = 6

/** What was refused, by its reason. A chosen reason is shown in the chart. */
export function ReasonsSection({ period, reason }: ReasonsSectionProps) {
  const { organization, environment } = usePlace()
  // A day has fewer sums to read than its hours, and the same total.
  const interval = period === '24h' ? 'hour' : 'day'
  const query = useQuery(
    usageQuery(
      organization,
      `${period} of reasons`,
      (nowMs) => inIntervals(periodOf(period, nowMs), interval),
      {
        environment,
        groupBy: 'code',
      },
    ),
  )
  const { reasons } = t.overview
  return (
    <Section title={reasons.title}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={SHOWN} />}>
        {({ sums }) => {
          const groups = groupsOf(sums).filter(({ refused }) => refused > 0)
          if (groups.length === 0) return <p className={classes.hint}>{reasons.none}</p>
          const isCut = groups.length > SHOWN
          const shown = isCut ? groups.slice(0, SHOWN - 1) : groups
          const rest = groups.slice(shown.length)
          const most = groups[0]?.refused ?? 0
          const restRefused = rest.reduce((sum, { refused }) => sum + refused, 0)
          return (
            <>
              <SmallTable
                caption={reasons.title}
                columns={[
                  { word: reasons.code },
                  { word: reasons.requests, width: '4.5rem', isNumber: true },
                  { word: reasons.share, width: '5.5rem' },
                ]}
              >
                {shown.map(({ group, refused }) => (
                  <tr key={group} aria-current={group === reason || undefined}>
                    <td>
                      <Link
                        to="."
                        className={classes.code}
                        title={reasons.show(group ?? '')}
                        search={(search) => ({
                          ...search,
                          reason: group === reason ? undefined : (group ?? ''),
                        })}
                        replace
                      >
                        {group}
                      </Link>
                    </td>
                    <td data-number="true">{count(refused)}</td>
                    <td data-refused>
                      <Share part={refused} most={most} />
                    </td>
                  </tr>
                ))}
                {isCut && (
                  <tr>
                    <td className={classes.rest}>{reasons.more(rest.length)}</td>
                    <td data-number="true">{count(restRefused)}</td>
                    <td data-refused>
                      <Share part={restRefused} most={most} />
                    </td>
                  </tr>
                )}
              </SmallTable>
              <p className={classes.hint}>
                {reason === undefined ? (
                  reasons.hint
                ) : (
                  <Link
                    to="/organizations/$organization/requests"
                    params={{ organization }}
                    search={(search) => ({ environment: search.environment, code: reason })}
                  >
                    {reasons.see(reason)}
                  </Link>
                )}
              </p>
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}

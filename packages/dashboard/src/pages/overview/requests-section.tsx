import { Link } from '@tanstack/react-router'
import { useQuery } from '@tanstack/react-query'
import { axisTimes } from '../../format/axis-times.ts'
import { count, share } from '../../format/numbers.ts'
import { periodOf } from '../../data/usage/periods.ts'
import { usageQuery } from '../../data/usage/usage.ts'
import { type Bucket, bucketsOf, totalOf } from '../../data/usage/usage-sums.ts'
import { Chart } from '../../parts/charts/chart.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { NoRequests } from './no-requests.tsx'
import classes from './overview-page.module.css'
import type { OVERVIEW_PERIODS } from './search.ts'

interface RequestsSectionProps {
  readonly period: (typeof OVERVIEW_PERIODS)[number]
  /** The reason that the chart shows in full red. */
  readonly reason: string | undefined
  /** Whether the page shows the steps to the first call, or may still do so. */
  readonly isGuided: boolean
}

const ROWS = 7

/** How many requests were allowed and refused, and when. */
export function RequestsSection({ period, reason, isGuided }: RequestsSectionProps) {
  const { organization, environment } = usePlace()
  const at = (nowMs: number) => periodOf(period, nowMs)
  const query = useQuery(usageQuery(organization, period, at, { environment }))
  const chosen = useQuery({
    ...usageQuery(organization, period, at, { environment, code: reason }),
    enabled: reason !== undefined,
  })
  const { requests } = t.overview
  return (
    <section aria-label={requests.title} className={classes.requests}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(read) => {
          const total = totalOf(read.sums)
          const all = total.allowed + total.refused
          if (all === 0)
            return <NoRequests organization={organization} environment={environment} isGuided={isGuided} />
          const buckets = bucketsOf(read.period, read.sums)
          const chosenAt = new Map(
            (reason === undefined ? [] : (chosen.data?.sums ?? [])).map(({ at: start, refused }) => [
              Date.parse(start),
              refused,
            ]),
          )
          const { fromMs, toMs, interval } = read.period
          return (
            <>
              <div className={classes.numbers}>
                <span>
                  <b>{count(total.allowed)}</b> {requests.allowed}
                </span>
                <span>
                  <b>{count(total.refused)}</b> {requests.refused(share(total.refused, all))}
                </span>
                <Link
                  to="/organizations/$organization/requests"
                  params={{ organization }}
                  search={({ environment: chosenEnvironment }) => ({ environment: chosenEnvironment })}
                >
                  {requests.open}
                </Link>
              </div>
              <Chart
                points={buckets.map((bucket) => ({ ...bucket, chosen: chosenAt.get(bucket.atMs) ?? 0 }))}
                interval={interval}
                nameOf={axisTimes(toMs - fromMs, interval === 'day')}
                label={t.chart.label(interval, mostOf(buckets))}
              />
              <p className={classes.hint}>{requests.times}</p>
            </>
          )
        }}
      </Loaded>
    </section>
  )
}

function mostOf(buckets: readonly Bucket[]): { readonly allowed: number; readonly refused: number } {
  return {
    allowed: Math.max(...buckets.map(({ allowed }) => allowed)),
    refused: Math.max(...buckets.map(({ refused }) => refused)),
  }
}

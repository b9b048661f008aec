import { useQuery } from '@tanstack/react-query'
import { count, share } from '../../../format/numbers.ts'
import { totalOf } from '../../../data/usage/usage-sums.ts'
import { Empty } from '../../../parts/states/empty.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Section } from '../../../parts/section.tsx'
import { Segments } from '../../../parts/segments.tsx'
import { t } from '../../../texts/texts.ts'
import { useSearchChange } from '../../../url/search-change.ts'
import { UsageChart } from '../../usage/usage-chart.tsx'
import text from '../../../parts/text.module.css'
import classes from '../../usage/usage-page.module.css'
import { usageQuery } from '../queries.ts'
import { PORTAL_PERIODS, type PortalSearch } from '../search.ts'

const ROWS = 6

/** How much the consumer called. */
export function PortalUsage({ search: { period = '7d' } }: { readonly search: PortalSearch }) {
  const set = useSearchChange<PortalSearch>()
  const query = useQuery(usageQuery(period))
  const { usage } = t.portal
  return (
    <Section
      title={usage.title}
      link={
        <Segments
          label={usage.period}
          choices={PORTAL_PERIODS.map((value) => ({ value, word: t.usage.periods[value] }))}
          value={period}
          onChoose={(value) => set({ period: value })}
        />
      }
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(read) => {
          const { allowed, refused } = totalOf(read.sums)
          if (allowed + refused === 0) {
            return (
              <Empty title={usage.none}>
                <p>{usage.noneText}</p>
              </Empty>
            )
          }
          return (
            <>
              <div className={classes.numbers}>
                <span>
                  <b>{count(allowed)}</b> {t.usage.allowed}
                </span>
                <span>
                  <b>{count(refused)}</b> {t.usage.refused(share(refused, allowed + refused))}
                </span>
              </div>
              <UsageChart read={read} isOneReason={false} />
              <p className={text.meta}>{t.overview.requests.times}</p>
            </>
          )
        }}
      </Loaded>
    </Section>
  )
}

import { useQuery } from '@tanstack/react-query'
import { InForce } from '../../parts/in-force.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Section, SectionPage } from '../../parts/section.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { Split } from '../../parts/split.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { SmallTable } from '../../parts/table/small-table.tsx'
import text from '../../parts/text.module.css'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { byFullness, type ShownQuota } from './fullness.ts'
import { quotasQuery } from '../../data/quotas.ts'
import { QuotaRow } from './quota-row.tsx'
import classes from './quotas-page.module.css'

const ROWS = 7

/** How much of each quota the organization uses. */
export function QuotasPage() {
  const { organization } = usePlace()
  const query = useQuery(quotasQuery(organization))
  const { title, caption, columns, force } = t.quotas
  const fullest = query.data === undefined ? undefined : byFullness(query.data)[0]
  return (
    <Split panel={false}>
      <SectionPage>
        <PageHead title={title} />
        <InForce>
          {fullest !== undefined && (
            <span>
              <strong>{stateOf(fullest)}</strong>
            </span>
          )}
          <span>{force.rule}</span>
        </InForce>
        <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
          {(quotas) => {
            const shown = byFullness(quotas)
            return (
              <>
                <div className={classes.list}>
                  <SmallTable
                    caption={caption}
                    columns={[
                      { word: columns.quota, width: '40%' },
                      { word: columns.used },
                      { word: columns.share, width: '4rem', isNumber: true },
                    ]}
                  >
                    {shown.map((quota) => (
                      <QuotaRow key={quota.name} organization={organization} quota={quota} />
                    ))}
                  </SmallTable>
                </div>
                {fullest !== undefined && <Raise organization={organization} quota={fullest} />}
              </>
            )
          }}
        </Loaded>
      </SectionPage>
    </Split>
  )
}

function stateOf({ name, share, fullness }: ShownQuota): string {
  const { force } = t.quotas
  if (fullness === 'free') return force.free
  return fullness === 'full' ? force.full(name) : force.near(name, share)
}

interface RaiseProps {
  readonly organization: string
  readonly quota: ShownQuota
}

/** Who raises a limit, and how. */
function Raise({ organization, quota: { name, used, limit } }: RaiseProps) {
  const { raise } = t.quotas
  return (
    <Section title={raise.title}>
      <div className={classes.raise}>
        <p>{raise.text}</p>
        <Snippet label={raise.label}>
          {raise.setting(organization, name, 2 * Math.max(used, limit, 1))}
        </Snippet>
        <p className={text.meta}>{raise.lowered}</p>
      </div>
    </Section>
  )
}

import { useQuery } from '@tanstack/react-query'
import { count } from '../../format/numbers.ts'
import { gatewaysQuery } from '../../data/gateways.ts'
import { Id } from '../../parts/id.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Section } from '../../parts/section.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { SmallTable } from '../../parts/table/small-table.tsx'
import { State } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import classes from './overview-page.module.css'

const ROWS = 2

/** The gateways, and whether they have the newest changes. */
export function GatewaysSection() {
  const { organization } = usePlace()
  const query = useQuery(gatewaysQuery(organization))
  const { gateways } = t.overview
  const newest = Math.max(0, ...(query.data ?? []).map(({ revision }) => revision))
  return (
    <Section title={gateways.title} meta={newest > 0 && gateways.revision(count(newest))}>
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(all) =>
          all.length === 0 ? (
            <p className={classes.hint}>{gateways.none}</p>
          ) : (
            <SmallTable
              caption={gateways.title}
              columns={[
                { word: gateways.gateway },
                { word: gateways.snapshot, width: '5.5rem' },
                { word: gateways.seen, width: '5.5rem', isNumber: true },
              ]}
            >
              {all.map(({ id, stale, seenAt }) => (
                <tr key={id}>
                  <td title={id}>
                    <Id>{id}</Id>
                  </td>
                  <td>
                    <State tone={stale ? 'warn' : 'ok'} mark={stale ? 'half' : 'full'}>
                      {stale ? gateways.behind : gateways.current}
                    </State>
                  </td>
                  <td data-number="true">
                    <When at={seenAt} />
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

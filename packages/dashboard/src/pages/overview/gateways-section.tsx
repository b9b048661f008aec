import type { Gateway } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { gatewaysQuery } from '../../data/gateways.ts'
import { count } from '../../format/numbers.ts'
import { Id } from '../../parts/id.tsx'
import { Section } from '../../parts/section.tsx'
import { State } from '../../parts/state.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { SmallTable } from '../../parts/table/small-table.tsx'
import { TwoLines } from '../../parts/table/two-lines.tsx'
import { When } from '../../parts/when.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import classes from './overview-page.module.css'

const ROWS = 2
/** The most that are shown; the rest is counted. */
const ROWS_MAX = 8

/** The gateways, and whether they have the newest changes. Those that have not come first. */
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
            <>
              <SmallTable
                caption={gateways.title}
                columns={[
                  { word: gateways.gateway },
                  { word: gateways.snapshot, width: '6.5rem' },
                  { word: gateways.seen, width: '5.5rem', isNumber: true },
                ]}
              >
                {worstFirst(all)
                  .slice(0, ROWS_MAX)
                  .map((gateway) => (
                    <Row key={gateway.id} gateway={gateway} />
                  ))}
              </SmallTable>
              {all.length > ROWS_MAX && (
                <p className={classes.hint}>{gateways.more(all.length - ROWS_MAX)}</p>
              )}
            </>
          )
        }
      </Loaded>
    </Section>
  )
}

function Row({ gateway }: { readonly gateway: Gateway }) {
  const { id, name, role, seenAt } = gateway
  const label = name ?? <Id>{id}</Id>
  const what = t.overview.gateways.roles[role]
  return (
    <tr>
      <td title={t.overview.gateways.facts(gateway)}>
        {what === undefined ? (
          label
        ) : (
          <div className={classes.listed}>
            <TwoLines below={what}>{label}</TwoLines>
          </div>
        )}
      </td>
      <td>
        <Currency gateway={gateway} />
      </td>
      <td data-number="true">
        <When at={seenAt} />
      </td>
    </tr>
  )
}

function Currency({ gateway: { attached, lease, needsUpgrade, stale } }: { readonly gateway: Gateway }) {
  const { gateways } = t.overview
  if (!attached)
    return (
      <State tone="idle" mark="ring">
        {gateways.neverAttached}
      </State>
    )
  if (needsUpgrade)
    return (
      <State tone="bad" mark={lease === 'over' ? 'ring' : 'half'}>
        {gateways.needsUpgrade}
      </State>
    )
  if (lease === 'over')
    return (
      <State tone="bad" mark="ring">
        {gateways.cutOff}
      </State>
    )
  return (
    <State tone={stale ? 'warn' : 'ok'} mark={stale ? 'half' : 'full'}>
      {stale ? gateways.behind : gateways.current}
    </State>
  )
}

/** Gateways that are cut off, then those that are or will be behind, then the others, each in their order. */
function worstFirst(gateways: readonly Gateway[]): readonly Gateway[] {
  return gateways.toSorted((one, other) => rankOf(one) - rankOf(other))
}

function rankOf({ attached, lease, needsUpgrade, stale }: Gateway): number {
  if (!attached) return 2
  if (lease === 'over') return 0
  return stale || needsUpgrade ? 1 : 2
}

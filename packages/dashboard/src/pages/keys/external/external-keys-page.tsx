import { Button } from '@mantine/core'
import type { ExternalKey } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { externalKeysQuery } from '../../../data/external-keys.ts'
import { covers } from '../../../data/permissions.ts'
import { useMemo } from 'react'
import { rolesQuery } from '../../../data/roles.ts'
import { DataTable } from '../../../parts/table/data-table.tsx'
import { Icon } from '../../../parts/icon.tsx'
import { InForce } from '../../../parts/in-force.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { PageHead } from '../../../parts/page-head.tsx'
import { isBroad } from '../../../parts/roles/permissions.ts'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Split } from '../../../parts/split.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { AcceptedSection } from '../acceptances/accepted-section.tsx'
import { organizationAcceptanceQuery } from '../acceptances/queries.ts'
import { KeyTabs } from '../tabs/key-tabs.tsx'
import { externalKeyColumns } from './external-key-columns.tsx'
import { ExternalKeyFilters } from './external-key-filters.tsx'
import { ExternalKeyPanels } from './external-key-panels.tsx'
import { fits, nameOf } from './fits.ts'
import type { ExternalKeysSearch } from './search.ts'
import { useSearchChange } from '../../../url/search-change.ts'
import { EmptyList } from '../../../parts/states/empty-list.tsx'

const ROWS = 8

/** The keys of partner organizations that have roles here. */
export function ExternalKeysPage() {
  const { organization, may, facts } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/keys/external' })
  const set = useSearchChange<ExternalKeysSearch>()
  const query = useQuery(externalKeysQuery(organization))
  const { data: roles } = useQuery({ ...rolesQuery(organization), enabled: may('roles.read') })
  const { data: ours } = useQuery({
    ...organizationAcceptanceQuery(organization),
    enabled: covers(facts.permissions, { permission: 'keys.read' }),
  })
  const columns = useMemo(() => {
    const broad = new Set(roles?.filter((role) => isBroad(role.permissions)).map((role) => role.name))
    return externalKeyColumns((name) => broad.has(name))
  }, [roles])
  const { search: words, owner, role, status } = search
  const isFiltered = [words, owner, role, status].some((filter) => filter !== undefined)
  const { force } = t.externalKeys
  return (
    <Split
      panel={
        (search.external !== undefined || search.form === 'add') && (
          <ExternalKeyPanels organization={organization} search={search} onChange={set} />
        )
      }
    >
      <PageHead title={t.keys.title}>
        {may('external-keys.write') && (
          <Button
            // Not two filled buttons for one decision.
            variant={search.form === undefined ? 'filled' : 'default'}
            leftSection={<Icon small name="plus" />}
            onClick={() => set({ form: 'add', external: undefined })}
          >
            {t.externalKeys.add}
          </Button>
        )}
      </PageHead>
      <InForce>
        {query.data !== undefined && (
          <span>
            <strong>{force.count(query.data.length)}</strong>
          </span>
        )}
        <span>{force.rule}</span>
        {ours !== undefined && <span>{force.ours(ours.allowed)}</span>}
      </InForce>
      <KeyTabs />
      <ExternalKeyFilters all={query.data ?? []} search={search} onChange={set} />
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(all) => {
          const rows = all.filter((key) => fits(key, search))
          if (rows.length === 0)
            return (
              <EmptyList
                words={t.externalKeys.empty}
                command={t.externalKeys.empty.command(organization)}
                isFiltered={isFiltered}
              />
            )
          const { found, loaded } = t.externalKeys
          return (
            <DataTable<ExternalKey>
              isTall
              caption={t.externalKeys.caption}
              columns={columns}
              rows={rows}
              idOf={({ id }) => id}
              nameOf={nameOf}
              openId={search.external}
              onOpen={({ id }) => set({ external: id, form: undefined })}
              foot={isFiltered ? found(rows.length, all.length) : loaded(all.length)}
            />
          )
        }}
      </Loaded>
      {may('keys.read') && <AcceptedSection organization={organization} />}
    </Split>
  )
}

import { Button } from '@mantine/core'
import type { ListedRole } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { rolesQuery } from '../../data/roles.ts'
import { DataTable } from '../../parts/table/data-table.tsx'
import { FilterBar } from '../../parts/table/filter-bar.tsx'
import { Icon } from '../../parts/icon.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { Split } from '../../parts/split.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { kindOf, roleColumns } from './role-columns.tsx'
import { RolePanel } from './role-panel.tsx'
import { KINDS, type RolesSearch } from './search.ts'
import { useSearchChange } from '../../url/search-change.ts'
import { NothingFits } from '../../parts/states/empty-list.tsx'

const ROWS = 8

/** The roles that can be given, and who has them. */
export function RolesPage() {
  const { organization, may } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/roles' })
  const set = useSearchChange<RolesSearch>()
  const query = useQuery(rolesQuery(organization))
  const columns = useMemo(() => roleColumns(organization), [organization])
  const { force, searchLabel, searchHint, filters, kinds } = t.rolePages
  const own = query.data?.filter(({ builtIn }) => !builtIn).length ?? 0
  return (
    <Split
      panel={
        search.role !== undefined && (
          <RolePanel
            key={search.role}
            organization={organization}
            name={search.role}
            onClose={() => set({ role: undefined })}
          />
        )
      }
    >
      <PageHead title={t.rolePages.title}>
        {may('roles.write') && (
          <Button
            variant="filled"
            leftSection={<Icon small name="plus" />}
            renderRoot={(props) => (
              <Link {...props} to="/organizations/$organization/roles/edit" params={{ organization }} />
            )}
          >
            {t.rolePages.create}
          </Button>
        )}
      </PageHead>
      <InForce>
        {query.data !== undefined && (
          <span>
            <strong>{force.count(query.data.length - own, own)}</strong>
          </span>
        )}
        <span>{force.rule}</span>
      </InForce>
      <FilterBar
        search={{ label: searchLabel, hint: searchHint, value: search.search }}
        onSearch={(text) => set({ search: text })}
        filters={[
          {
            name: 'kind',
            word: filters.kind,
            choices: KINDS.map((value) => ({ value, word: kinds[value] })),
            value: search.kind,
          },
        ]}
        onFilter={(name, value) => set({ [name]: value })}
      />
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(all) => {
          const rows = all.filter((role) => fits(role, search))
          if (rows.length === 0) return <NothingFits {...t.rolePages.empty} />
          return (
            <DataTable<ListedRole>
              isTall
              caption={t.rolePages.caption}
              columns={columns}
              rows={rows}
              idOf={({ name }) => name}
              nameOf={({ name }) => name}
              openId={search.role}
              onOpen={({ name }) => set({ role: name })}
              foot={t.rolePages.loaded(rows.length)}
            />
          )
        }}
      </Loaded>
    </Split>
  )
}

/** Whether the list shows a role: by its name, or by a permission that it gives. */
function fits(role: ListedRole, { search, kind }: RolesSearch): boolean {
  if (kind !== undefined && kindOf(role) !== kind) return false
  if (search === undefined) return true
  const text = search.toLowerCase()
  return role.name.includes(text) || role.permissions.some(({ permission }) => permission.includes(text))
}

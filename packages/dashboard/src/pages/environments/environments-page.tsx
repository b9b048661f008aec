import { Button } from '@mantine/core'
import type { Environment } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { environmentsQuery } from '../../data/environments.ts'
import { Icon } from '../../parts/icon.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Split } from '../../parts/split.tsx'
import { EmptyList } from '../../parts/states/empty-list.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { DataTable } from '../../parts/table/data-table.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { useSearchChange } from '../../url/search-change.ts'
import { CreateEnvironment } from './dialogs/create-environment.tsx'
import { environmentColumns } from './environment-columns.tsx'
import { EnvironmentPanel } from './environment-panel.tsx'
import classes from './environments-page.module.css'
import type { EnvironmentsSearch } from './search.ts'

const ROWS = 4
const NONE: Environment[] = []

/** The stages that versions are promoted through, and what each has of its own. */
export function EnvironmentsPage() {
  const { organization, environment, may } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/environments' })
  const set = useSearchChange<EnvironmentsSearch>()
  const list = useQuery(environmentsQuery(organization))
  const all = list.data ?? NONE
  const mayReadPolicies = may('policies.read')
  const columns = useMemo(
    () => environmentColumns({ organization, all, mayReadPolicies }),
    [organization, all, mayReadPolicies],
  )
  const rows = environment === undefined ? all : all.filter(({ name }) => name === environment)
  const open = all.find(({ name }) => name === search.open)
  const { force } = t.environments
  return (
    <Split
      panel={
        open !== undefined && (
          <EnvironmentPanel
            key={open.name}
            organization={organization}
            all={all}
            listed={open}
            onClose={() => set({ open: undefined })}
          />
        )
      }
    >
      <PageHead title={t.environments.title}>
        {may('organization.write', undefined) && (
          <Button
            variant="filled"
            leftSection={<Icon small name="plus" />}
            onClick={() => set({ dialog: 'create' })}
          >
            {t.environments.create}
          </Button>
        )}
      </PageHead>
      <InForce>
        {list.data !== undefined && (
          <span>
            <strong>{force.count(all.length)}</strong>
          </span>
        )}
        <span>{force.rule}</span>
      </InForce>
      <Loaded query={list} skeleton={<RowsSkeleton rows={ROWS} />}>
        {() =>
          rows.length === 0 ? (
            <EmptyList
              words={t.environments.empty}
              command={t.environments.empty.command(organization)}
              isFiltered={all.length > 0}
            />
          ) : (
            <div className={classes.list}>
              <DataTable<Environment>
                caption={t.environments.caption}
                columns={columns}
                rows={rows}
                idOf={({ name }) => name}
                nameOf={({ name }) => name}
                openId={search.open}
                onOpen={({ name }) => set({ open: name })}
              />
            </div>
          )
        }
      </Loaded>
      {search.dialog === 'create' && (
        <CreateEnvironment
          organization={organization}
          all={all}
          onClose={(made) => set({ dialog: undefined, ...(made !== undefined && { open: made }) })}
        />
      )}
    </Split>
  )
}

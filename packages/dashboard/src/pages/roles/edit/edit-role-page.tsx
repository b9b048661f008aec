import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { environmentsQuery } from '../../../data/environments.ts'
import { InForce } from '../../../parts/in-force.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { PageHead } from '../../../parts/page-head.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Split } from '../../../parts/split.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { roleQuery } from '../queries.ts'
import { RoleEditor } from './role-editor.tsx'

const ROWS = 12

/** Creates a role of the organization, or changes one. */
export function EditRolePage() {
  const { organization } = usePlace()
  const { role: name } = useSearch({ from: '/signed-in/organizations/$organization/roles/edit' })
  const environments = useQuery(environmentsQuery(organization))
  const role = useQuery({ ...roleQuery(organization, name ?? ''), enabled: name !== undefined, staleTime: 0 })
  const { edit } = t.rolePages
  const skeleton = <RowsSkeleton rows={ROWS} />
  return (
    <Split panel={false}>
      <PageHead title={name === undefined ? edit.newTitle : edit.title(name)} />
      <InForce>
        {name === undefined ? (
          <span>{edit.forceNew}</span>
        ) : (
          role.data !== undefined && (
            <>
              <span>
                <strong>{edit.force(role.data.holderCount)}</strong>
              </span>
              <span>{edit.forceRule}</span>
            </>
          )
        )}
      </InForce>
      <Loaded query={environments} skeleton={skeleton}>
        {(all) => {
          const names = all.map((environment) => environment.name)
          if (name === undefined) return <RoleEditor organization={organization} environments={names} />
          // The form begins with what there is now, and not with what was read for the page before.
          if (role.data !== undefined && !role.isFetchedAfterMount) return skeleton
          return (
            <Loaded query={role} skeleton={skeleton}>
              {(shown) => (
                <RoleEditor key={shown.name} organization={organization} environments={names} role={shown} />
              )}
            </Loaded>
          )
        }}
      </Loaded>
    </Split>
  )
}

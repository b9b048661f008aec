import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Empty } from '../../parts/states/empty.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { Snippet } from '../../parts/snippet.tsx'
import { Split } from '../../parts/split.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { AccessPolicies } from './access-policies.tsx'
import { NonConforming } from './non-conforming.tsx'
import { KeyAges } from './key-ages.tsx'
import { policiesQuery } from './queries.ts'
import { onlyEnvironment } from '../../url/search.ts'

/** What each environment demands of callers, and how old keys may get. */
export function PoliciesPage() {
  const { organization } = usePlace()
  const { tab = 'access', conformity } = useSearch({
    from: '/signed-in/organizations/$organization/policies',
  })
  const navigate = useNavigate()
  const query = useQuery(policiesQuery(organization))
  const { force, tabs, title } = t.policies
  const isAccess = tab === 'access'
  return (
    <Split
      panel={
        conformity !== undefined && (
          <NonConforming
            organization={organization}
            environment={conformity}
            onClose={() =>
              void navigate({
                to: '.',
                search: (search) => ({ ...search, conformity: undefined }),
                replace: true,
              })
            }
          />
        )
      }
    >
      <PageHead title={title} />
      <InForce>
        <span>
          <strong>{isAccess ? force.access : force.age}</strong>
          {query.data !== undefined && ` ${force.in(query.data.length)}`}
        </span>
        <span>{isAccess ? force.checked : force.ageChecked}</span>
      </InForce>
      <Tabs
        label={tabs.label}
        tabs={[
          { word: tabs.access, isOpen: isAccess, to: { to: '.', search: onlyEnvironment } },
          {
            word: tabs.age,
            isOpen: !isAccess,
            to: { to: '.', search: (search) => ({ ...onlyEnvironment(search), tab: 'age' }) },
          },
        ]}
      />
      <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
        {(all) => {
          if (all.length === 0) return <NoEnvironment organization={organization} />
          return isAccess ? (
            <AccessPolicies organization={organization} all={all} />
          ) : (
            <KeyAges organization={organization} />
          )
        }}
      </Loaded>
    </Split>
  )
}

function NoEnvironment({ organization }: { readonly organization: string }) {
  const { title, text, command } = t.policies.empty
  return (
    <Empty title={title}>
      <p>{text}</p>
      <Snippet label={title}>{command(organization)}</Snippet>
    </Empty>
  )
}

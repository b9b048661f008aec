import type { Member } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useRouteContext, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { membersQuery } from '../../data/members.ts'
import { DataTable } from '../../parts/table/data-table.tsx'
import { FilterBar } from '../../parts/table/filter-bar.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { Frame } from './frame.tsx'
import { memberColumns } from './member-columns.tsx'
import { MemberPanel } from './member-panel.tsx'
import type { MembersSearch } from './search.ts'
import { useSearchChange } from '../../url/search-change.ts'
import { NothingFits } from '../../parts/states/empty-list.tsx'

const ROWS = 8

/** The people of the organization, and what they may do. */
export function MembersPage() {
  const { organization } = usePlace()
  const { session } = useRouteContext({ from: '/signed-in/organizations/$organization' })
  const search = useSearch({ from: '/signed-in/organizations/$organization/members' })
  const set = useSearchChange<MembersSearch>()
  const query = useQuery(membersQuery(organization))
  const you = session.member.id
  const columns = useMemo(() => memberColumns(you), [you])
  const { searchLabel, searchHint, filters } = t.members
  const roles = [...new Set(query.data?.flatMap((member) => member.roles))].toSorted()
  return (
    <Frame
      force={<Force members={query.data} />}
      invites={search.dialog === 'invite'}
      onInvite={(invites) => set({ dialog: invites ? 'invite' : undefined })}
      panel={
        search.member !== undefined && (
          <MemberPanel
            key={search.member}
            organization={organization}
            id={search.member}
            you={you}
            onClose={() => set({ member: undefined })}
          />
        )
      }
    >
      <FilterBar
        search={{ label: searchLabel, hint: searchHint, value: search.search }}
        onSearch={(text) => set({ search: text })}
        filters={[
          {
            name: 'role',
            word: filters.role,
            choices: roles.map((value) => ({ value, word: value })),
            value: search.role,
          },
        ]}
        onFilter={(name, value) => set({ [name]: value })}
      />
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(all) => {
          const rows = all.filter((member) => fits(member, search))
          if (rows.length === 0) return <NothingFits {...t.members.empty} />
          return (
            <DataTable<Member>
              caption={t.members.caption}
              columns={columns}
              rows={rows}
              idOf={({ id }) => id}
              nameOf={({ name }) => name}
              openId={search.member}
              onOpen={({ id }) => set({ member: id })}
              foot={t.members.loaded(rows.length)}
            />
          )
        }}
      </Loaded>
    </Frame>
  )
}

/** Whether the list shows a member. */
function fits({ name, email, roles }: Member, { search, role }: MembersSearch): boolean {
  if (role !== undefined && !roles.includes(role)) return false
  if (search === undefined) return true
  const text = search.toLowerCase()
  return name.toLowerCase().includes(text) || email.toLowerCase().includes(text)
}

function Force({ members }: { readonly members: readonly Member[] | undefined }) {
  const { force } = t.members
  const owners = members?.filter(({ roles }) => roles.includes('owner')).length ?? 0
  return (
    <>
      {members !== undefined && (
        <span>
          <strong>{force.count(members.length, owners)}</strong>
        </span>
      )}
      <span>{force.rule}</span>
    </>
  )
}

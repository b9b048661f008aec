import type { Invitation } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { invitationsQuery } from '../../../data/members.ts'
import { DataTable } from '../../../parts/table/data-table.tsx'
import { Empty } from '../../../parts/states/empty.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { Snippet } from '../../../parts/snippet.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { Frame } from '../frame.tsx'
import { invitationColumns } from './invitation-columns.tsx'
import { InvitationPanel } from './invitation-panel.tsx'
import classes from './invitations-page.module.css'
import type { InvitationsSearch } from './search.ts'
import { useSearchChange } from '../../../url/search-change.ts'

const ROWS = 4
const COLUMNS = invitationColumns()

/** The people who were invited and have not accepted yet. */
export function InvitationsPage() {
  const { organization } = usePlace()
  const search = useSearch({ from: '/signed-in/organizations/$organization/members/invitations' })
  const set = useSearchChange<InvitationsSearch>()
  const query = useQuery(invitationsQuery(organization))
  const { invitations: words } = t.members
  return (
    <Frame
      force={
        <>
          {query.data !== undefined && (
            <span>
              <strong>{words.open(query.data.length)}</strong>
            </span>
          )}
          <span>{words.force}</span>
        </>
      }
      invites={search.dialog === 'invite'}
      onInvite={(invites) => set({ dialog: invites ? 'invite' : undefined })}
      panel={
        search.invitation !== undefined && (
          <InvitationPanel
            key={search.invitation}
            organization={organization}
            id={search.invitation}
            onClose={() => set({ invitation: undefined })}
          />
        )
      }
    >
      <div className={classes.list}>
        <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty title={words.empty.title}>
                <p>{words.empty.text}</p>
                <Snippet label={words.empty.title}>{words.empty.command(organization)}</Snippet>
              </Empty>
            ) : (
              <DataTable<Invitation>
                caption={words.caption}
                columns={COLUMNS}
                rows={rows}
                idOf={({ id }) => id}
                nameOf={({ email }) => email}
                openId={search.invitation}
                onOpen={({ id }) => set({ invitation: id })}
                foot={words.open(rows.length)}
              />
            )
          }
        </Loaded>
      </div>
    </Frame>
  )
}

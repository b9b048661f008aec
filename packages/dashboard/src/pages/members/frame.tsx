import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { invitationsQuery, membersQuery } from '../../data/members.ts'
import { Icon } from '../../parts/icon.tsx'
import { InForce } from '../../parts/in-force.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { Split } from '../../parts/split.tsx'
import { Tabs } from '../../parts/tabs.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { Invite } from './dialogs/invite.tsx'

interface FrameProps {
  readonly panel: ReactNode
  /** What holds now. */
  readonly force: ReactNode
  readonly invites: boolean
  readonly onInvite: (invites: boolean) => void
  readonly children: ReactNode
}

/** What the page of members and that of invitations share. */
export function Frame({ panel, force, invites, onInvite, children }: FrameProps) {
  const { organization, may } = usePlace()
  const { data: members } = useQuery(membersQuery(organization))
  const { data: invitations } = useQuery(invitationsQuery(organization))
  const params = { organization }
  const { title, tabs, membersTab, invitationsTab, invite } = t.members
  return (
    <Split panel={panel}>
      <PageHead title={title}>
        {may('members.write') && (
          <Button variant="filled" leftSection={<Icon small name="plus" />} onClick={() => onInvite(true)}>
            {invite}
          </Button>
        )}
      </PageHead>
      <InForce>{force}</InForce>
      <Tabs
        label={tabs}
        tabs={[
          {
            word: membersTab,
            count: members?.length,
            to: { to: '/organizations/$organization/members', params },
          },
          {
            word: invitationsTab,
            count: invitations?.length,
            to: { to: '/organizations/$organization/members/invitations', params },
          },
        ]}
      />
      {children}
      {invites && <Invite organization={organization} onClose={() => onInvite(false)} />}
    </Split>
  )
}

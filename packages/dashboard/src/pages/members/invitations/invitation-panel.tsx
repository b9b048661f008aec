import { Button } from '@mantine/core'
import type { Invitation } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { invitationsQuery } from '../../../data/members.ts'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { CopyableId } from '../../../parts/id.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { PanelSection, SidePanel } from '../../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { useWithdraw } from '../mutations.ts'
import { Ends } from './invitation-columns.tsx'

interface InvitationPanelProps {
  readonly organization: string
  readonly id: string
  readonly onClose: () => void
}

/** The details of an invitation, and its withdrawal. */
export function InvitationPanel({ organization, id, onClose }: InvitationPanelProps) {
  const { may } = usePlace()
  const query = useQuery(invitationsQuery(organization))
  const invitation = query.data?.find((each) => each.id === id)
  const [asks, setAsks] = useState(false)
  const { panel } = t.members.invitations
  return (
    <SidePanel
      title={invitation?.email ?? id}
      about={<CopyableId value={id} />}
      onClose={onClose}
      foot={
        invitation !== undefined &&
        may('members.write') && (
          <Button size="xs" data-destructive onClick={() => setAsks(true)}>
            {panel.withdraw}
          </Button>
        )
      }
    >
      <PanelSection label={panel.properties}>
        <Loaded query={query} skeleton={<RowsSkeleton rows={3} />}>
          {() =>
            invitation === undefined ? (
              <Note tone="plain" title={panel.gone}>
                {panel.goneText}
              </Note>
            ) : (
              <Facts>
                <Fact name={panel.roles}>{invitation.roles.join(', ')}</Fact>
                <Fact name={panel.sent}>
                  <When at={invitation.createdAt} />
                </Fact>
                <Fact name={panel.ends}>
                  <Ends at={invitation.expiresAt} />
                </Fact>
              </Facts>
            )
          }
        </Loaded>
      </PanelSection>
      {asks && invitation !== undefined && (
        <Withdraw
          organization={organization}
          invitation={invitation}
          onDone={onClose}
          onClose={() => setAsks(false)}
        />
      )}
    </SidePanel>
  )
}

interface WithdrawProps {
  readonly organization: string
  readonly invitation: Invitation
  readonly onDone: () => void
  readonly onClose: () => void
}

function Withdraw({ organization, invitation, onDone, onClose }: WithdrawProps) {
  const withdraw = useWithdraw(organization)
  const { title, text, submit } = t.members.invitations.withdraw
  return (
    <Confirm
      title={title(invitation.email)}
      submit={submit}
      isDestructive
      isPending={withdraw.isPending}
      error={withdraw.error}
      onSubmit={() => withdraw.mutate(invitation, { onSuccess: onDone })}
      onClose={onClose}
    >
      <p>{text}</p>
    </Confirm>
  )
}

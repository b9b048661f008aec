import { Button } from '@mantine/core'
import type { Member } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Absent } from '../../parts/absent.tsx'
import { Fact, Facts } from '../../parts/facts.tsx'
import { CopyableId } from '../../parts/id.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Permits } from '../../parts/roles/permits.tsx'
import { PanelSection, SidePanel } from '../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { When } from '../../parts/when.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { ChangeRoles } from './dialogs/change-roles.tsx'
import { Leave } from './dialogs/leave.tsx'
import { RemoveMember } from './dialogs/remove-member.tsx'
import { ResetLink } from './dialogs/reset-link.tsx'
import { memberQuery } from './queries.ts'

interface MemberPanelProps {
  readonly organization: string
  readonly id: string
  /** The id of the person who reads it. */
  readonly you: string
  readonly onClose: () => void
}

/** The details of a member: what they may do, and what can be done about it. */
export function MemberPanel({ organization, id, you, onClose }: MemberPanelProps) {
  const { may } = usePlace()
  const query = useQuery(memberQuery(organization, id))
  const { data: member } = query
  const { panel } = t.members
  const isYou = id === you
  return (
    <SidePanel
      title={member?.name ?? id}
      aside={isYou && <Absent>{t.members.you}</Absent>}
      about={<CopyableId value={id} />}
      onClose={onClose}
      foot={
        member !== undefined &&
        (isYou || may('members.write')) && (
          <Actions organization={organization} member={member} isYou={isYou} onRemoved={onClose} />
        )
      }
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
        {(shown) => (
          <>
            <PanelSection label={panel.properties}>
              <Facts>
                <Fact name={panel.email}>{shown.email}</Fact>
                <Fact name={panel.roles}>
                  {shown.roles.length === 0 ? <Absent>{t.parts.none}</Absent> : shown.roles.join(', ')}
                </Fact>
                <Fact name={panel.joined}>
                  <When at={shown.createdAt} as="day" />
                </Fact>
              </Facts>
            </PanelSection>
            {may('roles.read') && (
              <PanelSection label={panel.permits}>
                <Permits organization={organization} roles={shown.roles} title={panel.permits} />
              </PanelSection>
            )}
          </>
        )}
      </Loaded>
    </SidePanel>
  )
}

interface ActionsProps {
  readonly organization: string
  readonly member: Member
  readonly isYou: boolean
  readonly onRemoved: () => void
}

function Actions({ organization, member, isYou, onRemoved }: ActionsProps) {
  const { may } = usePlace()
  const [open, setOpen] = useState<'roles' | 'reset' | 'remove' | 'leave'>()
  const close = (): void => setOpen(undefined)
  const { panel } = t.members
  const mayChange = may('members.write')
  return (
    <>
      {mayChange && (
        <Button size="xs" onClick={() => setOpen('roles')}>
          {panel.edit}
        </Button>
      )}
      {mayChange && !isYou && (
        <Button size="xs" onClick={() => setOpen('reset')}>
          {panel.resetLink}
        </Button>
      )}
      <Button size="xs" data-destructive onClick={() => setOpen(isYou ? 'leave' : 'remove')}>
        {isYou ? panel.leave : panel.remove}
      </Button>
      {open === 'roles' && <ChangeRoles organization={organization} member={member} onClose={close} />}
      {open === 'reset' && <ResetLink organization={organization} member={member} onClose={close} />}
      {open === 'leave' && <Leave organization={organization} member={member} onClose={close} />}
      {open === 'remove' && (
        <RemoveMember
          organization={organization}
          member={member}
          onClose={(isDone) => {
            close()
            if (isDone) onRemoved()
          }}
        />
      )}
    </>
  )
}

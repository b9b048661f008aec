import { Button } from '@mantine/core'
import type { Role } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { Fact, Facts } from '../../parts/facts.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { PermitsList } from '../../parts/roles/permits.tsx'
import { PanelSection, SidePanel } from '../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import text from '../../parts/text.module.css'
import { When } from '../../parts/when.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { Holders } from './holders.tsx'
import { roleQuery } from './queries.ts'
import { RemoveRole } from './remove-role.tsx'
import { kindOf } from './role-columns.tsx'

interface RolePanelProps {
  readonly organization: string
  readonly name: string
  readonly onClose: () => void
}

/** The details of a role: what it permits and who has it, and what can be done with it. */
export function RolePanel({ organization, name, onClose }: RolePanelProps) {
  const { may } = usePlace()
  const query = useQuery(roleQuery(organization, name))
  const { data: role } = query
  const { panel } = t.rolePages
  return (
    <SidePanel
      title={name}
      about={role !== undefined && panel.ofKind[kindOf(role)]}
      onClose={onClose}
      foot={
        role !== undefined &&
        !role.builtIn &&
        may('roles.write') && <Actions organization={organization} role={role} onRemoved={onClose} />
      }
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={8} />}>
        {(shown) => (
          <>
            <PanelSection label={panel.holders}>
              <Holders organization={organization} role={shown} />
            </PanelSection>
            <PanelSection label={panel.permits}>
              <PermitsList title={panel.permits} permissions={shown.permissions} />
            </PanelSection>
            {shown.createdAt !== null && shown.updatedAt !== null && (
              <PanelSection label={panel.properties}>
                <Facts>
                  <Fact name={panel.created}>
                    <When at={shown.createdAt} as="day" />
                  </Fact>
                  <Fact name={panel.changed}>
                    <When at={shown.updatedAt} />
                  </Fact>
                </Facts>
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
  readonly role: Role
  readonly onRemoved: () => void
}

function Actions({ organization, role, onRemoved }: ActionsProps) {
  const [asks, setAsks] = useState(false)
  const why = useId()
  const { panel } = t.rolePages
  const isHeld = role.holderCount > 0
  return (
    <>
      {isHeld && (
        <p id={why} className={text.meta}>
          {panel.held(role.holderCount)}
        </p>
      )}
      <Button
        size="xs"
        renderRoot={(props) => (
          <Link
            {...props}
            to="/organizations/$organization/roles/edit"
            params={{ organization }}
            search={{ role: role.name }}
          />
        )}
      >
        {panel.edit}
      </Button>
      <Button
        size="xs"
        data-destructive
        aria-disabled={isHeld || undefined}
        aria-describedby={isHeld ? why : undefined}
        onClick={() => {
          if (!isHeld) setAsks(true)
        }}
      >
        {panel.remove}
      </Button>
      {asks && (
        <RemoveRole
          organization={organization}
          role={role}
          onClose={(isDone) => {
            setAsks(false)
            if (isDone) onRemoved()
          }}
        />
      )}
    </>
  )
}

import { Button } from '@mantine/core'
import type { ExternalKey } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { externalKeyQuery } from '../../../data/external-keys.ts'
import { useState } from 'react'
import { Absent } from '../../../parts/absent.tsx'
import { Fact, Facts } from '../../../parts/facts.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { CopyableId } from '../../../parts/id.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { Permits } from '../../../parts/roles/permits.tsx'
import { PanelSection, SidePanel } from '../../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { When } from '../../../parts/when.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { ExternalKeyStatus } from './external-key-columns.tsx'
import { nameOf } from './fits.ts'
import { useSwitchExternalKey } from './mutations.ts'
import { RemoveExternalKey } from './remove-external-key.tsx'
import { SwitchOffExternalKey } from './switch-off-external-key.tsx'

interface ExternalKeyPanelProps {
  readonly organization: string
  readonly id: string
  readonly onEdit: () => void
  readonly onClose: () => void
}

/** The details of an external key: whether it works, what it may do here, and what can be done with it. */
export function ExternalKeyPanel({ organization, id, onEdit, onClose }: ExternalKeyPanelProps) {
  const { may } = usePlace()
  const query = useQuery(externalKeyQuery(organization, id))
  const { data: key } = query
  const { panel } = t.externalKeys
  return (
    <SidePanel
      title={key === undefined ? id : nameOf(key)}
      about={
        key !== undefined && (
          <>
            <CopyableId value={key.keyId} />
            <span>{panel.keyOf(key.owner.name)}</span>
          </>
        )
      }
      onClose={onClose}
      foot={
        key !== undefined &&
        may('external-keys.write') && (
          <Actions organization={organization} shown={key} onEdit={onEdit} onRemoved={onClose} />
        )
      }
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={6} />}>
        {(shown) => (
          <>
            <PanelSection label={panel.properties}>
              <Properties shown={shown} />
            </PanelSection>
            {may('roles.read') && (
              <PanelSection label={t.roles.permits}>
                <Permits organization={organization} roles={shown.roles} title={panel.permits} />
              </PanelSection>
            )}
          </>
        )}
      </Loaded>
    </SidePanel>
  )
}

function Properties({ shown }: { readonly shown: ExternalKey }) {
  const { panel, columns } = t.externalKeys
  return (
    <Facts>
      <Fact name={columns.status}>
        <ExternalKeyStatus listed={shown} />
      </Fact>
      <Fact name={panel.owner}>
        {shown.owner.name} <Absent>{shown.owner.slug}</Absent>
      </Fact>
      <Fact name={panel.roles}>{shown.roles.join(', ')}</Fact>
      <Fact name={panel.addedOn}>
        <When at={shown.addedAt} as="day" />
      </Fact>
      <Fact name={panel.lastUsed}>
        {shown.lastUsedAt === null ? <Absent>{t.parts.never}</Absent> : <When at={shown.lastUsedAt} />}
      </Fact>
      <Fact name={panel.addresses}>
        {shown.addressRules.length === 0 ? (
          <Absent>{panel.anyAddress}</Absent>
        ) : (
          <code>{shown.addressRules.join(', ')}</code>
        )}
      </Fact>
      <Fact name={panel.limits}>
        {shown.rateLimits.length === 0 ? (
          <Absent>{panel.noLimits}</Absent>
        ) : (
          shown.rateLimits.map(({ requests, per }) => panel.limit(requests, per)).join(', ')
        )}
      </Fact>
    </Facts>
  )
}

interface ActionsProps {
  readonly organization: string
  readonly shown: ExternalKey
  readonly onEdit: () => void
  readonly onRemoved: () => void
}

function Actions({ organization, shown, onEdit, onRemoved }: ActionsProps) {
  const switchOn = useSwitchExternalKey(organization, 'active')
  const [asks, setAsks] = useState<'switch-off' | 'remove'>()
  const { panel } = t.externalKeys
  const isOffHere = shown.reason === 'switched_off_here'
  return (
    <>
      <Button size="xs" onClick={onEdit}>
        {panel.edit}
      </Button>
      {isOffHere ? (
        <Button size="xs" loading={switchOn.isPending} onClick={() => switchOn.mutate(shown)}>
          {panel.switchOn}
        </Button>
      ) : (
        <Button size="xs" onClick={() => setAsks('switch-off')}>
          {panel.switchOff}
        </Button>
      )}
      <Button size="xs" data-destructive onClick={() => setAsks('remove')}>
        {panel.remove}
      </Button>
      {switchOn.error !== null && <Failure error={switchOn.error} retry={() => switchOn.mutate(shown)} />}
      {asks === 'switch-off' && (
        <SwitchOffExternalKey organization={organization} shown={shown} onClose={() => setAsks(undefined)} />
      )}
      {asks === 'remove' && (
        <RemoveExternalKey
          organization={organization}
          shown={shown}
          onClose={(isDone) => {
            setAsks(undefined)
            if (isDone) onRemoved()
          }}
        />
      )}
    </>
  )
}

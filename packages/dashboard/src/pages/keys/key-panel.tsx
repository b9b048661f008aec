import { Button } from '@mantine/core'
import type { Key } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyableId } from '../../parts/id.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { PanelSection, SidePanel } from '../../parts/layers/side-panel.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { AcceptancesSection } from './acceptances/acceptances-section.tsx'
import { HandOversSection } from './hand-overs/hand-overs-section.tsx'
import { DeleteKey } from './dialogs/delete-key.tsx'
import { EditKey } from './dialogs/edit-key.tsx'
import { RollKey } from './dialogs/roll-key.tsx'
import { SwitchOff } from './dialogs/switch-off.tsx'
import { KeyProperties } from './key-properties.tsx'
import { KeyState } from './key-words.tsx'
import { useSwitchOn } from './mutations.ts'
import { keyQuery } from './queries.ts'
import { RollSection } from './roll/roll-section.tsx'

interface KeyPanelProps {
  readonly organization: string
  readonly id: string
  readonly onClose: () => void
}

/** The details of a key: its roll first, then its properties, and what can be done with it. */
export function KeyPanel({ organization, id, onClose }: KeyPanelProps) {
  const query = useQuery(keyQuery(organization, id))
  const { data: key } = query
  const [open, setOpen] = useState<Open>()
  const hasActions = key !== undefined && key.state !== 'deleted'
  return (
    <SidePanel
      title={key?.name ?? (query.error === null ? id : t.keys.panel.unknown)}
      aside={key !== undefined && <KeyState state={key.state} />}
      about={<About id={id} shown={key} />}
      onClose={onClose}
      foot={hasActions && <Actions organization={organization} shown={key} onOpen={setOpen} />}
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={8} />}>
        {(shown) => (
          <>
            {shown.roll !== null && (
              <PanelSection label={t.keys.roll.heading}>
                <RollSection organization={organization} shown={shown} roll={shown.roll} />
              </PanelSection>
            )}
            <PanelSection label={t.keys.panel.properties}>
              <KeyProperties organization={organization} shown={shown} />
            </PanelSection>
            {shown.type === 'secret' && <HandOversSection organization={organization} shown={shown} />}
            {shown.type === 'secret' && shown.state !== 'deleted' && (
              <AcceptancesSection organization={organization} shown={shown} />
            )}
          </>
        )}
      </Loaded>
      {key !== undefined && (
        <Dialogs organization={organization} shown={key} open={open} onClose={() => setOpen(undefined)} />
      )}
    </SidePanel>
  )
}

function About({ id, shown }: { readonly id: string; readonly shown: Key | undefined }) {
  const { panel, types } = t.keys
  const owner = shown?.consumerName ?? shown?.consumer
  return (
    <>
      <CopyableId value={id} />
      {shown !== undefined && (
        <span>
          {owner == null
            ? panel.ofOrganization(types[shown.type])
            : `${panel.of(types[shown.type])} ${owner}`}
        </span>
      )}
    </>
  )
}

type Open = 'edit' | 'roll' | 'switch-off' | 'delete'

interface ActionsProps {
  readonly organization: string
  readonly shown: Key
  readonly onOpen: (dialog: Open) => void
}

function Actions({ organization, shown, onOpen }: ActionsProps) {
  const { may } = usePlace()
  const switchOn = useSwitchOn(organization)
  const { panel } = t.keys
  const where = shown.environment ?? undefined
  return (
    <>
      {may('keys.write', where) && (
        <Button size="xs" onClick={() => onOpen('edit')}>
          {panel.edit}
        </Button>
      )}
      {may('keys.write', where) &&
        (shown.status === 'active' ? (
          <Button size="xs" onClick={() => onOpen('switch-off')}>
            {panel.switchOff}
          </Button>
        ) : (
          <Button size="xs" loading={switchOn.isPending} onClick={() => switchOn.mutate(shown)}>
            {panel.switchOn}
          </Button>
        ))}
      {may('keys.roll', where) && shown.roll === null && (
        <Button size="xs" onClick={() => onOpen('roll')}>
          {panel.roll}
        </Button>
      )}
      {may('keys.delete', where) && (
        <Button size="xs" data-destructive onClick={() => onOpen('delete')}>
          {panel.remove}
        </Button>
      )}
    </>
  )
}

interface DialogsProps {
  readonly organization: string
  readonly shown: Key
  readonly open: Open | undefined
  readonly onClose: () => void
}

/** They stay open when the key changes because of them: one shows a token, another a receipt. */
function Dialogs({ open, ...props }: DialogsProps) {
  switch (open) {
    case 'edit':
      return <EditKey {...props} />
    case 'roll':
      return <RollKey {...props} />
    case 'switch-off':
      return <SwitchOff {...props} />
    case 'delete':
      return <DeleteKey {...props} />
    case undefined:
      return null
  }
}

import { Button } from '@mantine/core'
import type { Portal, PortalKey } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyableId } from '../../../parts/id.tsx'
import { PanelSection, SidePanel } from '../../../parts/layers/side-panel.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { t } from '../../../texts/texts.ts'
import { KeyState } from '../../keys/key-words.tsx'
import { RollEnding, RollProgress } from '../../keys/roll/roll-progress.tsx'
import { useFinishRoll, useUndoRoll } from '../mutations.ts'
import { keyQuery, secretUseQuery } from '../queries.ts'
import { KeyFacts } from './key-facts.tsx'
import type { Made } from './made-token.tsx'
import { RevokeKey } from './revoke-key.tsx'
import { RollKey } from './roll-key.tsx'

type Scopes = Portal['scopes']

interface KeyPanelProps {
  readonly id: string
  readonly scopes: Scopes
  readonly onMade: (made: Made) => void
  readonly onClose: () => void
}

const ROWS = 8

/** The details of a key: its roll first, then its properties, and what can be done with it. */
export function KeyPanel({ id, scopes, onMade, onClose }: KeyPanelProps) {
  const query = useQuery(keyQuery(id))
  const { data: key } = query
  const [open, setOpen] = useState<'roll' | 'revoke'>()
  const close = (): void => setOpen(undefined)
  const { keys } = t.portal
  return (
    <SidePanel
      title={key?.name ?? id}
      aside={key !== undefined && <KeyState state={key.state} />}
      about={<CopyableId value={id} />}
      onClose={onClose}
      foot={
        key !== undefined &&
        key.state !== 'deleted' && <Actions shown={key} scopes={scopes} onOpen={setOpen} />
      }
    >
      <Loaded query={query} skeleton={<RowsSkeleton rows={ROWS} />}>
        {(shown) => (
          <>
            {shown.roll !== null && (
              <PanelSection label={t.keys.roll.heading}>
                <Rolling shown={shown} roll={shown.roll} scopes={scopes} />
              </PanelSection>
            )}
            <PanelSection label={keys.properties}>
              <KeyFacts shown={shown} />
            </PanelSection>
          </>
        )}
      </Loaded>
      {/* They stay open when the key changes because of them: one shows a receipt. */}
      {key !== undefined && open === 'roll' && <RollKey shown={key} onMade={onMade} onClose={close} />}
      {key !== undefined && open === 'revoke' && (
        <RevokeKey
          shown={key}
          onClose={(isDone) => {
            close()
            if (isDone) onClose()
          }}
        />
      )}
    </SidePanel>
  )
}

interface ActionsProps {
  readonly shown: PortalKey
  readonly scopes: Scopes
  readonly onOpen: (dialog: 'roll' | 'revoke') => void
}

function Actions({ shown, scopes, onOpen }: ActionsProps) {
  const { keys } = t.portal
  const canRoll = scopes.includes('keys.roll') && shown.type === 'secret' && shown.state === 'active'
  const canRevoke = scopes.includes('keys.delete')
  if (!canRoll && !canRevoke) return null
  return (
    <>
      {canRoll && (
        <Button size="xs" onClick={() => onOpen('roll')}>
          {keys.roll}
        </Button>
      )}
      {canRevoke && (
        <Button size="xs" data-destructive onClick={() => onOpen('revoke')}>
          {keys.revoke}
        </Button>
      )}
    </>
  )
}

interface RollingProps {
  readonly shown: PortalKey
  readonly roll: NonNullable<PortalKey['roll']>
  readonly scopes: Scopes
}

/** A roll that goes on: both secrets side by side, with their use where the session may see it. */
function Rolling({ shown, roll, scopes }: RollingProps) {
  const canSeeUse = scopes.includes('usage.read')
  const { data } = useQuery({ ...secretUseQuery(shown, Date.parse(roll.endsAt)), enabled: canSeeUse })
  const finish = useFinishRoll()
  const undo = useUndoRoll()
  return (
    <RollProgress shown={shown} roll={roll} uses={canSeeUse ? (data ?? []) : undefined}>
      {scopes.includes('keys.roll') && <RollEnding shown={shown} roll={roll} finish={finish} undo={undo} />}
    </RollProgress>
  )
}

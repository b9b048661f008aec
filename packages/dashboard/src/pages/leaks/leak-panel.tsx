import { Button } from '@mantine/core'
import type { Key, Leak } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Absent } from '../../parts/absent.tsx'
import { Fact, Facts } from '../../parts/facts.tsx'
import { Breakable, CopyableId, Id } from '../../parts/id.tsx'
import { PanelSection, SidePanel } from '../../parts/layers/side-panel.tsx'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Note } from '../../parts/states/note.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { When } from '../../parts/when.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { DeleteKey } from '../keys/dialogs/delete-key.tsx'
import { RollKey } from '../keys/dialogs/roll-key.tsx'
import { SwitchOff } from '../keys/dialogs/switch-off.tsx'
import { KeyState } from '../keys/key-words.tsx'
import { keyQuery } from '../keys/queries.ts'
import { doneWords, SecretState } from './leak-words.tsx'
import { Places } from './places.tsx'
import { webAddress } from './web-address.ts'

interface LeakPanelProps {
  readonly organization: string
  readonly shown: Leak
  readonly onClose: () => void
}

/** The details of a leak: what to do about it first, then where it was found, and where else. */
export function LeakPanel({ organization, shown, onClose }: LeakPanelProps) {
  const query = useQuery(keyQuery(organization, shown.key))
  const [open, setOpen] = useState<Open>()
  const { data: key } = query
  const close = (): void => setOpen(undefined)
  return (
    <SidePanel
      title={shown.keyName}
      aside={<SecretState stillLive={shown.stillLive} />}
      about={<CopyableId value={shown.key} />}
      onClose={onClose}
      foot={key !== undefined && <Actions leaked={key} onOpen={setOpen} />}
    >
      <PanelSection label={t.leaks.next.title}>
        <Loaded query={query} skeleton={<RowsSkeleton rows={1} />}>
          {({ state }) => <Next state={state} stillLive={shown.stillLive} />}
        </Loaded>
      </PanelSection>
      <LeakFacts organization={organization} shown={shown} keyState={key?.state} />
      <Places organization={organization} keyId={shown.key} openId={shown.id} />
      {key !== undefined && open === 'roll' && (
        <RollKey organization={organization} shown={key} onClose={close} />
      )}
      {key !== undefined && open === 'switch-off' && (
        <SwitchOff organization={organization} shown={key} onClose={close} />
      )}
      {key !== undefined && open === 'delete' && (
        <DeleteKey organization={organization} shown={key} onClose={close} />
      )}
    </SidePanel>
  )
}

type Open = 'roll' | 'switch-off' | 'delete'

/** What ends the secret. */
function Next({ state, stillLive }: Pick<Key, 'state'> & Pick<Leak, 'stillLive'>) {
  const { works, rolling, inactive, ended } = t.leaks.next
  if (stillLive) {
    const { title, text } = state === 'rolling' ? rolling : works
    return (
      <Note tone="bad" title={title}>
        {text}
      </Note>
    )
  }
  const { title, text } = state === 'inactive' ? inactive : ended
  return (
    <Note tone="plain" title={title}>
      {text}
    </Note>
  )
}

interface LeakFactsProps {
  readonly organization: string
  readonly shown: Leak
  readonly keyState: Key['state'] | undefined
}

function LeakFacts({ organization, shown, keyState }: LeakFactsProps) {
  const { actions, facts, foundBy, unknownPlace } = t.leaks
  const address = webAddress(shown.url)
  return (
    <PanelSection label={facts.title}>
      <Facts>
        <Fact name={facts.place}>
          {shown.url === null && <Absent>{unknownPlace}</Absent>}
          {address === undefined ? (
            shown.url !== null && <Breakable>{shown.url}</Breakable>
          ) : (
            <a href={address.href} target="_blank" rel="noreferrer">
              <Breakable>{shown.url ?? address.href}</Breakable>
            </a>
          )}
        </Fact>
        <Fact name={facts.found}>
          <When at={shown.createdAt} as="instant" />, {foundBy[shown.source]}
        </Fact>
        <Fact name={facts.secret}>
          {shown.hint === null ? <Absent>{facts.noSecret}</Absent> : <Id>{shown.hint}</Id>}
        </Fact>
        <Fact name={facts.done}>{doneWords(shown)}</Fact>
        {keyState !== undefined && (
          <Fact name={facts.key}>
            <KeyState state={keyState} />{' '}
            <Link
              to="/organizations/$organization/keys"
              params={{ organization }}
              search={({ environment }) => ({ environment, key: shown.key })}
            >
              {actions.open}
            </Link>
          </Fact>
        )}
      </Facts>
    </PanelSection>
  )
}

interface ActionsProps {
  readonly leaked: Key
  readonly onOpen: (dialog: Open) => void
}

function Actions({ leaked, onOpen }: ActionsProps) {
  const { may } = usePlace()
  const where = leaked.environment ?? undefined
  const { actions } = t.leaks
  return (
    <>
      {may('keys.roll', where) && leaked.state === 'active' && (
        <Button size="xs" variant="filled" onClick={() => onOpen('roll')}>
          {actions.roll}
        </Button>
      )}
      {may('keys.write', where) && (leaked.state === 'active' || leaked.state === 'rolling') && (
        <Button size="xs" onClick={() => onOpen('switch-off')}>
          {actions.switchOff}
        </Button>
      )}
      {may('keys.delete', where) && leaked.state !== 'deleted' && (
        <Button size="xs" data-destructive onClick={() => onOpen('delete')}>
          {actions.remove}
        </Button>
      )}
    </>
  )
}

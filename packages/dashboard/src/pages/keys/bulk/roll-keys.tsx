import { Button } from '@mantine/core'
import type { ListedKey } from '@sallyport/sdk'
import { useId, useState } from 'react'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { useOnce } from '../../../parts/layers/once.ts'
import { DeliveryField } from '../../../parts/shown-once/delivery-field.tsx'
import { SHOWN_HERE } from '../../../parts/shown-once/delivery.ts'
import { Failure } from '../../../parts/states/failure.tsx'
import { Note } from '../../../parts/states/note.tsx'
import text from '../../../parts/text.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { GraceField } from '../fields/grace-field.tsx'
import { DEFAULT_GRACE, type Grace } from '../fields/grace.ts'
import { ChosenKeys } from './chosen-keys.tsx'
import { NewSecrets } from './new-secrets.tsx'
import { obstacleOf, ROLLED_MAX } from './rolling.ts'
import { useBulkRoll } from './use-bulk-roll.ts'

/** So many keys that are left out are named. */
const NAMED_MAX = 5

interface RollKeysProps {
  readonly organization: string
  readonly selected: readonly ListedKey[]
  /** @param isDone whether keys were rolled */
  readonly onClose: (isDone: boolean) => void
}

/** Rolls several keys: how long the old secrets work on, then the new ones or links that show them. */
export function RollKeys({ organization, selected, onClose }: RollKeysProps) {
  const { may } = usePlace()
  // A key that was rolled changes its state, and still belongs to those that were chosen.
  const [chosen] = useState(() =>
    selected.map((key) => ({
      key,
      obstacle: obstacleOf(key, may('keys.roll', key.environment ?? undefined)),
    })),
  )
  const [keys] = useState(() => chosen.flatMap(({ key, obstacle }) => (obstacle === undefined ? [key] : [])))
  const bulk = useBulkRoll(organization, keys)
  const [grace, setGrace] = useState<Grace>(DEFAULT_GRACE)
  const [delivery, setDelivery] = useState(SHOWN_HERE)
  const reason = useId()
  const roll = (): void => bulk.start({ graceSeconds: Number(grace), delivery })
  const isTooMany = keys.length > ROLLED_MAX
  const isReady = keys.length > 0 && !isTooMany
  const send = useOnce(() => {
    if (isReady) roll()
  })
  // From the first key on, whose new secret is on its way.
  if (bulk.done.length > 0 || bulk.isPending) {
    return (
      <NewSecrets
        organization={organization}
        way={delivery.way}
        rolled={bulk.done}
        wanted={keys.length}
        isPending={bulk.isPending}
        error={bulk.error}
        onGoOn={roll}
        onStop={bulk.stop}
        onClose={() => onClose(true)}
      />
    )
  }
  const { roll: words } = t.keys.bulk
  const left = chosen.flatMap(({ key, obstacle }) => (obstacle === undefined ? [] : [{ key, obstacle }]))
  return (
    <Dialog
      isSmall
      title={words.title(keys.length)}
      onClose={() => {
        bulk.stop()
        onClose(false)
      }}
      foot={
        <>
          {!isReady && (
            <span id={reason} className={text.meta}>
              {isTooMany ? words.tooMany(ROLLED_MAX) : words.none}
            </span>
          )}
          <Button onClick={() => onClose(false)}>{t.parts.cancel}</Button>
          <Button
            variant="filled"
            loading={bulk.isPending}
            aria-disabled={!isReady || undefined}
            aria-describedby={isReady ? undefined : reason}
            onClick={send}
          >
            {words.submit(keys.length)}
          </Button>
        </>
      }
    >
      {keys.length > 0 && <ChosenKeys keys={keys} />}
      <p>{words.text}</p>
      <GraceField value={grace} onChange={setGrace} />
      {keys.some(({ type }) => type === 'secret') && (
        <DeliveryField value={delivery} onChange={setDelivery} />
      )}
      {left.length > 0 && (
        <Note tone="plain" title={words.left(left.length)}>
          <ul>
            {left.slice(0, NAMED_MAX).map(({ key, obstacle }) => (
              <li key={key.id}>{words.obstacles[obstacle](key.name)}</li>
            ))}
            {left.length > NAMED_MAX && <li>{words.moreLeft(left.length - NAMED_MAX)}</li>}
          </ul>
        </Note>
      )}
      {bulk.error !== null && <Failure error={bulk.error} retry={roll} />}
    </Dialog>
  )
}

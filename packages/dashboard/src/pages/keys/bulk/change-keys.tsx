import { Button } from '@mantine/core'
import type { ListedKey } from '@sallyport/sdk'
import { useEffect, useEffectEvent, useState } from 'react'
import { WAIT_SECONDS } from '../../../data/change.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { say } from '../../../parts/messages/say.ts'
import { Meter } from '../../../parts/meter.tsx'
import { t } from '../../../texts/texts.ts'
import { ChosenKeys } from './chosen-keys.tsx'
import { deleteListed } from './delete-listed.ts'
import type { RefusedKey } from './refusal.ts'
import { useOneByOne } from './use-one-by-one.ts'

/** What can be done with several keys and shows no secret. */
export type KeyChange = 'switchOff' | 'remove'

interface ChangeKeysProps {
  readonly organization: string
  readonly change: KeyChange
  readonly selected: readonly ListedKey[]
  /** @param isDone whether keys were changed */
  readonly onClose: (isDone: boolean) => void
}

/** Asks, changes several keys, and names those that the server refused to change. */
export function ChangeKeys({ organization, change, selected, onClose }: ChangeKeysProps) {
  // A key that was changed may leave the list, and still belongs to those that were chosen.
  const [keys] = useState(selected)
  const bulk = useOneByOne(organization, keys, async (listed): Promise<object> => {
    if (change === 'remove') return await deleteListed(organization, listed)
    const input = { organization, key: listed.id, status: 'inactive', wait: WAIT_SECONDS } as const
    return await sallyport.updateKey(input)
  })
  const words = t.keys.bulk[change]
  const refused = bulk.done.filter((one) => 'refusal' in one)
  const progress = t.keys.bulk.progress(bulk.done.length, keys.length)
  const isWhole = bulk.done.length === keys.length
  const isDone = isWhole && refused.length === 0
  const finish = useEffectEvent(() => {
    say(words.done(keys.length))
    onClose(true)
  })
  useEffect(() => {
    if (isDone) finish()
  }, [isDone])
  if (isWhole && !isDone) {
    return <Refused words={words} all={keys.length} refused={refused} onClose={() => onClose(true)} />
  }
  return (
    <Confirm
      title={words.title(keys.length)}
      submit={words.submit}
      {...(change === 'remove' && { typed: String(keys.length), isDestructive: true })}
      isPending={bulk.isPending}
      error={bulk.error}
      onSubmit={() => bulk.start(undefined)}
      onClose={() => {
        bulk.stop()
        onClose(bulk.done.length > 0)
      }}
    >
      <ChosenKeys keys={keys} />
      <p>{words.text}</p>
      {bulk.done.length > 0 && (
        <>
          <p role="status">{progress}</p>
          <Meter
            label={t.keys.bulk.changed}
            words={progress}
            done={bulk.done.length}
            refused={refused.length}
            all={keys.length}
          />
        </>
      )}
    </Confirm>
  )
}

interface RefusedProps {
  readonly words: (typeof t.keys.bulk)[KeyChange]
  readonly all: number
  readonly refused: readonly (Pick<ListedKey, 'id' | 'name'> & RefusedKey)[]
  readonly onClose: () => void
}

function Refused({ words, all, refused, onClose }: RefusedProps) {
  return (
    <Dialog
      isSmall
      title={words.partly(all - refused.length, all)}
      onClose={onClose}
      foot={
        <Button variant="filled" onClick={onClose}>
          {t.parts.close}
        </Button>
      }
    >
      <p>{words.left(refused.length)}</p>
      <ul>
        {refused.map(({ id, name, refusal }) => (
          <li key={id}>
            <strong>{name}</strong>: {refusal}
          </li>
        ))}
      </ul>
    </Dialog>
  )
}

import { Button } from '@mantine/core'
import type { ListedKey } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { readAgain } from '../../../data/change.ts'
import { isNotFound } from '../../../data/failures.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { say } from '../../../parts/messages/say.ts'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { OF_KEYS } from '../mutations.ts'

interface BulkActionsProps {
  readonly organization: string
  readonly selected: readonly ListedKey[]
  /** Rolling shows secrets, which must stay when the list changes; so the page does it. */
  readonly onRoll: () => void
  readonly onClear: () => void
}

interface Change {
  readonly apply: (key: ListedKey) => Promise<unknown>
  /** What is said when all are done. */
  readonly words: (amount: number) => string
  readonly keys: readonly ListedKey[]
  /** How many of them are done already. */
  readonly from: number
}

/** What can be done with several keys: one after the other, so that what failed is known and the rest is done. */
export function BulkActions({ organization, selected, onRoll, onClear }: BulkActionsProps) {
  const { may } = usePlace()
  const queries = useQueryClient()
  const [done, setDone] = useState(0)
  const [asks, setAsks] = useState(false)
  const { bulk } = t.keys
  const all = useMutation({
    mutationFn: async ({ apply, keys, from }: Change) => {
      setDone(from)
      for (const [index, key] of keys.slice(from).entries()) {
        await apply(key)
        setDone(from + index + 1)
      }
    },
    onSuccess: (_, { words, keys }) => {
      say(words(keys.length))
      setAsks(false)
      onClear()
    },
    onSettled: () => void readAgain(queries, organization, OF_KEYS),
  })
  const switchOff = (): void =>
    all.mutate({
      apply: async ({ id }) => await sallyport.updateKey({ organization, key: id, status: 'inactive' }),
      words: bulk.switchedOff,
      keys: selected,
      from: 0,
    })
  const remove = (): void =>
    all.mutate({
      apply: async ({ id }) => await deleted(organization, id),
      words: bulk.removed,
      keys: selected,
      from: 0,
    })
  // Those that are done may have left the list, and of the others some may not be chosen any more.
  const goOn = (): void => {
    if (all.variables === undefined) return
    const { keys } = all.variables
    const left = keys.slice(done).filter(({ id }) => selected.some((key) => key.id === id))
    all.mutate({ ...all.variables, keys: [...keys.slice(0, done), ...left], from: done })
  }
  const chosen = all.variables?.keys ?? selected
  const asked = all.error === null && !all.isPending ? selected : chosen
  const ask = (): void => {
    all.reset()
    setAsks(true)
  }
  return (
    <>
      <Button size="compact-xs" variant="subtle" onClick={onClear}>
        {t.parts.clearSelection}
      </Button>
      {may('keys.roll') && (
        <Button size="compact-xs" onClick={onRoll}>
          {bulk.roll.action}
        </Button>
      )}
      {may('keys.write') && (
        <Button
          size="compact-xs"
          onClick={() => !all.isPending && switchOff()}
          loading={all.isPending && !asks}
        >
          {bulk.switchOff}
        </Button>
      )}
      {may('keys.delete') && (
        <Button size="compact-xs" data-destructive onClick={ask}>
          {bulk.remove}
        </Button>
      )}
      {all.isPending && <span role="status">{bulk.progress(done, chosen.length)}</span>}
      {all.error !== null && !asks && <Failure error={all.error} retry={goOn} />}
      {asks && (
        <Confirm
          title={bulk.title(asked.length)}
          submit={t.keys.remove.submit}
          typed={bulk.confirm(asked.length)}
          isDestructive
          isPending={all.isPending}
          error={all.error}
          onSubmit={all.error === null ? remove : goOn}
          onClose={() => {
            setAsks(false)
            all.reset()
          }}
        >
          <p>{t.keys.remove.text}</p>
        </Confirm>
      )}
    </>
  )
}

/** Deletes a key, unless another person was faster. */
async function deleted(organization: string, key: string): Promise<void> {
  try {
    await sallyport.deleteKey({ organization, key })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

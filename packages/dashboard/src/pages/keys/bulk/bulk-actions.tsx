import { Button } from '@mantine/core'
import type { ListedKey } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { readAgain } from '../../../data/change.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { say } from '../../../parts/layers/toasts.tsx'
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
  readonly words: string
  /** How many of the selected keys are done already. */
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
    mutationFn: async ({ apply, from }: Change) => {
      setDone(from)
      for (const [index, key] of selected.slice(from).entries()) {
        await apply(key)
        setDone(from + index + 1)
      }
    },
    onSuccess: (_, { words }) => {
      say(words)
      setAsks(false)
      onClear()
    },
    onSettled: () => void readAgain(queries, organization, OF_KEYS),
  })
  const switchOff = (): void =>
    all.mutate({
      apply: async ({ id }) => await sallyport.updateKey({ organization, key: id, status: 'inactive' }),
      words: bulk.switchedOff(selected.length),
      from: 0,
    })
  const remove = (): void =>
    all.mutate({
      apply: async ({ id }) => await sallyport.deleteKey({ organization, key: id }),
      words: bulk.removed(selected.length),
      from: 0,
    })
  const goOn = (): void => {
    if (all.variables !== undefined) all.mutate({ ...all.variables, from: done })
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
        <Button size="compact-xs" onClick={switchOff} loading={all.isPending && !asks}>
          {bulk.switchOff}
        </Button>
      )}
      {may('keys.delete') && (
        <Button size="compact-xs" data-destructive onClick={() => setAsks(true)}>
          {bulk.remove}
        </Button>
      )}
      {all.isPending && <span role="status">{bulk.progress(done, selected.length)}</span>}
      {all.error !== null && !asks && <Failure error={all.error} retry={goOn} />}
      {asks && (
        <Confirm
          title={bulk.title(selected.length)}
          submit={t.keys.remove.submit}
          typed={bulk.confirm(selected.length)}
          isDestructive
          isPending={all.isPending}
          error={all.error}
          onSubmit={all.error === null ? remove : goOn}
          onClose={() => setAsks(false)}
        >
          <p>{t.keys.remove.text}</p>
        </Confirm>
      )}
    </>
  )
}

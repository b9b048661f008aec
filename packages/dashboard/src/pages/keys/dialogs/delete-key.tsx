import { Button } from '@mantine/core'
import type { Key } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { Confirm } from '../../../parts/confirm.tsx'
import { Dialog } from '../../../parts/dialog.tsx'
import { Note } from '../../../parts/note.tsx'
import { Receipt } from '../../../parts/receipt.tsx'
import { t } from '../../../texts/texts.ts'
import { useDeleteKey } from '../mutations.ts'
import { weekQuery } from '../queries.ts'

interface DeleteKeyProps {
  readonly organization: string
  readonly shown: Key
  readonly onClose: () => void
}

/** Asks before a key is deleted, and then shows on which gateways it is refused. */
export function DeleteKey({ organization, shown, onClose }: DeleteKeyProps) {
  const remove = useDeleteKey(organization)
  const week = useQuery({ ...weekQuery(organization, shown.id), staleTime: 0 })
  // What was read before could be too old for this decision.
  const requests = week.isFetchedAfterMount ? week.data?.reduce((sum, each) => sum + each, 0) : undefined
  const { title, text, submit, used, unused, done, refused } = t.keys.remove
  if (remove.data !== undefined) {
    const { receipt } = remove.data
    const confirmed = receipt.gateways.filter((gateway) => gateway.confirmed).length
    return (
      <Dialog
        isSmall
        title={done(shown.name)}
        onClose={onClose}
        foot={<Button onClick={onClose}>{t.parts.close}</Button>}
      >
        <p role="status">{refused(confirmed, receipt.gateways.length, Math.round(receipt.elapsedMs))}</p>
        <Receipt receipt={receipt} />
      </Dialog>
    )
  }
  return (
    <Confirm
      title={title(shown.name)}
      submit={submit}
      typed={shown.name}
      isDestructive
      isPending={remove.isPending}
      error={remove.error}
      onSubmit={() => remove.mutate(shown)}
      onClose={onClose}
    >
      {requests !== undefined && requests > 0 && <Note tone="warn" title={used(requests)} />}
      <p>
        {text} {requests === 0 && unused}
      </p>
    </Confirm>
  )
}

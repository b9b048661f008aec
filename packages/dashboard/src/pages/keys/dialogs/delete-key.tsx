import type { Key } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Removal } from '../../../parts/layers/removal.tsx'
import { Note } from '../../../parts/states/note.tsx'
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
  const seen = useSeen(shown, remove.error)
  const week = useQuery({ ...weekQuery(organization, shown.id), staleTime: 0 })
  // What was read before could be too old for this decision.
  const requests = week.isFetchedAfterMount ? week.data?.reduce((sum, each) => sum + each, 0) : undefined
  const { title, text, submit, used, unused, done, refused } = t.keys.remove
  return (
    <Removal
      title={title(shown.name)}
      submit={submit}
      typed={shown.name}
      done={done(shown.name)}
      proof={refused}
      removing={remove}
      onSubmit={() => remove.mutate({ id: shown.id, seen })}
      onClose={onClose}
    >
      {requests !== undefined && requests > 0 && <Note tone="warn" title={used(requests)} />}
      <p>
        {text} {requests === 0 && unused}
      </p>
    </Removal>
  )
}

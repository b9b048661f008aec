import type { ExternalKey } from '@sallyport/sdk'
import { relative } from '../../../format/times.ts'
import { Note } from '../../../parts/states/note.tsx'
import { useAtNow } from '../../../parts/now.ts'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Removal } from '../../../parts/layers/removal.tsx'
import { t } from '../../../texts/texts.ts'
import { nameOf } from './fits.ts'
import { useRemoveExternalKey } from './mutations.ts'

interface RemoveExternalKeyProps {
  readonly organization: string
  readonly shown: ExternalKey
  /** @param isDone whether it was removed */
  readonly onClose: (isDone: boolean) => void
}

/** Asks before an external key is removed, and then shows on which gateways it is refused. */
export function RemoveExternalKey({ organization, shown, onClose }: RemoveExternalKeyProps) {
  const remove = useRemoveExternalKey(organization)
  const seen = useSeen(shown, remove.error)
  const { lastUsedAt } = shown
  const usedWhen = useAtNow((nowMs) => (lastUsedAt === null ? '' : relative(Date.parse(lastUsedAt), nowMs)))
  const { title, text, used, submit, done } = t.externalKeys.remove
  const name = nameOf(shown)
  return (
    <Removal
      title={title(name)}
      submit={submit}
      typed={name}
      done={done(name)}
      removing={remove}
      onSubmit={() => remove.mutate({ id: shown.id, seen })}
      onClose={onClose}
    >
      {lastUsedAt !== null && <Note tone="warn" title={used(usedWhen)} />}
      <p>{text}</p>
    </Removal>
  )
}

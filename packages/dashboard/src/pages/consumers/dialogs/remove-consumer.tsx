import type { Consumer } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { relative } from '../../../format/times.ts'
import { Note } from '../../../parts/states/note.tsx'
import { useAtNow } from '../../../parts/now.ts'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Removal } from '../../../parts/layers/removal.tsx'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { lastUseOf } from '../../keys/key-words.tsx'
import { useRemoveConsumer } from '../mutations.ts'
import { keysOfQuery } from '../queries.ts'

interface RemoveConsumerProps {
  readonly organization: string
  readonly consumer: Consumer
  /** @param isDone whether it was removed */
  readonly onClose: (isDone: boolean) => void
}

/** Asks before a consumer is removed, and then shows on which gateways its calls are refused. */
export function RemoveConsumer({ organization, consumer, onClose }: RemoveConsumerProps) {
  const remove = useRemoveConsumer(organization)
  const seen = useSeen(consumer, remove.error)
  const { may } = usePlace()
  const { data: keys } = useQuery({
    ...keysOfQuery(organization, consumer.id),
    enabled: may('keys.read', consumer.environment),
  })
  const [latest] = keys?.items ?? []
  const used = latest === undefined ? null : lastUseOf(latest)
  const usedWhen = useAtNow((nowMs) => (used === null ? '' : relative(Date.parse(used), nowMs)))
  const { title, text, used: wasUsed, submit, done } = t.consumers.remove
  return (
    <Removal
      title={title(consumer.name)}
      submit={submit}
      typed={consumer.name}
      done={done(consumer.name)}
      removing={remove}
      onSubmit={() => remove.mutate({ id: consumer.id, seen })}
      onClose={onClose}
    >
      {used !== null && keys !== undefined && <Note tone="warn" title={wasUsed(usedWhen, keys.total)} />}
      <p>{text}</p>
    </Removal>
  )
}

import type { Webhook } from '@sallyport/sdk'
import { useSeen } from '../../../parts/edits/use-seen.ts'
import { Removal } from '../../../parts/layers/removal.tsx'
import { t } from '../../../texts/texts.ts'
import { useRemoveWebhook } from '../mutations.ts'

interface RemoveWebhookProps {
  readonly organization: string
  readonly shown: Webhook
  /** @param isDone whether it was deleted */
  readonly onClose: (isDone: boolean) => void
}

/** Asks before a webhook is deleted with what waits for it. */
export function RemoveWebhook({ organization, shown, onClose }: RemoveWebhookProps) {
  const { removing, refresh } = useRemoveWebhook(organization)
  const seen = useSeen(shown, removing.error)
  const { title, text, submit, done } = t.webhooks.remove
  return (
    <Removal
      title={title(shown.url)}
      submit={submit}
      typed={new URL(shown.url).hostname}
      done={done}
      removing={removing}
      onSubmit={() => removing.mutate({ webhook: shown.id, seen })}
      onClose={(isDone) => {
        onClose(isDone)
        if (isDone) refresh()
      }}
    >
      <p>{text}</p>
    </Removal>
  )
}

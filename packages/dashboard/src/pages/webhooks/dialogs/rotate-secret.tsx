import { Radio } from '@mantine/core'
import type { Webhook } from '@sallyport/sdk'
import { useState } from 'react'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { t } from '../../../texts/texts.ts'
import { useRotateWebhook } from '../mutations.ts'
import { SecretDialog } from './secret-dialog.tsx'

interface RotateSecretProps {
  readonly organization: string
  readonly shown: Webhook
  readonly onClose: () => void
}

const DEFAULT_GRACE = '43200'
const GRACES = [DEFAULT_GRACE, '0'] as const

/** Makes a new secret that signs messages, and shows it once. */
export function RotateSecret({ organization, shown, onClose }: RotateSecretProps) {
  const rotate = useRotateWebhook(organization)
  const hasTwo = shown.previousSecretEndsAt !== null
  const [grace, setGrace] = useState<string>(hasTwo ? '0' : DEFAULT_GRACE)
  const { title, text, grace: label, graces, again, submit, ready } = t.webhooks.rotate
  if (rotate.data !== undefined) {
    return (
      <SecretDialog
        title={ready}
        secret={rotate.data.secret}
        onClose={() => {
          // Nothing keeps the secret once its dialog is closed.
          rotate.reset()
          onClose()
        }}
      />
    )
  }
  return (
    <Confirm
      title={title}
      submit={submit}
      isPending={rotate.isPending}
      error={rotate.error}
      onSubmit={() => rotate.mutate({ webhook: shown.id, graceSeconds: Number(grace) })}
      onClose={onClose}
    >
      <p>{text}</p>
      {hasTwo ? (
        <Note tone="warn" title={again} />
      ) : (
        <Radio.Group label={label} value={grace} onChange={setGrace}>
          {GRACES.map((seconds) => (
            <Radio key={seconds} size="xs" mt="xs" value={seconds} label={graces[seconds]} />
          ))}
        </Radio.Group>
      )}
    </Confirm>
  )
}

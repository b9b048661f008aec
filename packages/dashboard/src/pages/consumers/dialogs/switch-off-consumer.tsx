import type { Consumer } from '@sallyport/sdk'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { t } from '../../../texts/texts.ts'
import { useSwitch } from '../mutations.ts'

interface SwitchOffConsumerProps {
  readonly organization: string
  readonly consumer: Consumer
  readonly onClose: () => void
}

/** Asks before a consumer is switched off. */
export function SwitchOffConsumer({ organization, consumer, onClose }: SwitchOffConsumerProps) {
  const switchOff = useSwitch(organization, 'inactive')
  const { title, text, submit } = t.consumers.switchOff
  return (
    <Confirm
      title={title(consumer.name)}
      submit={submit}
      isPending={switchOff.isPending}
      error={switchOff.error}
      onSubmit={() => switchOff.mutate(consumer, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{text}</p>
    </Confirm>
  )
}

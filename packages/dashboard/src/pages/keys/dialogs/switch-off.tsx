import type { Key } from '@sallyport/sdk'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { t } from '../../../texts/texts.ts'
import { useSwitchOff } from '../mutations.ts'

interface SwitchOffProps {
  readonly organization: string
  readonly shown: Key
  readonly onClose: () => void
}

/** Asks before a key is switched off. */
export function SwitchOff({ organization, shown, onClose }: SwitchOffProps) {
  const switchOff = useSwitchOff(organization)
  const { title, text, submit } = t.keys.switchOff
  return (
    <Confirm
      title={title(shown.name)}
      submit={submit}
      isPending={switchOff.isPending}
      error={switchOff.error}
      onSubmit={() => switchOff.mutate(shown, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{text}</p>
    </Confirm>
  )
}

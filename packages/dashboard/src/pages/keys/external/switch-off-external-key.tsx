import type { ExternalKey } from '@sallyport/sdk'
import { Confirm } from '../../../parts/layers/confirm.tsx'
import { t } from '../../../texts/texts.ts'
import { nameOf } from './fits.ts'
import { useSwitchExternalKey } from './mutations.ts'

interface SwitchOffExternalKeyProps {
  readonly organization: string
  readonly shown: ExternalKey
  readonly onClose: () => void
}

/** Asks before an external key is switched off here. */
export function SwitchOffExternalKey({ organization, shown, onClose }: SwitchOffExternalKeyProps) {
  const switchOff = useSwitchExternalKey(organization, 'inactive')
  const { title, text, submit } = t.externalKeys.switchOff
  return (
    <Confirm
      title={title(nameOf(shown))}
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

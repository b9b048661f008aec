import { Button, Radio } from '@mantine/core'
import type { Key } from '@sallyport/sdk'
import { useState } from 'react'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { Note } from '../../../parts/states/note.tsx'
import { t } from '../../../texts/texts.ts'
import { useRollKey } from '../mutations.ts'
import { deliveryInput, SHOWN_HERE } from '../../../parts/shown-once/delivery.ts'
import { DeliveryField } from '../../../parts/shown-once/delivery-field.tsx'
import { MadeKeyDialog } from '../../../parts/shown-once/made-key-dialog.tsx'

interface RollKeyProps {
  readonly organization: string
  readonly shown: Key
  readonly onClose: () => void
}

const DEFAULT_GRACE = '43200'
const GRACES = ['0', '3600', DEFAULT_GRACE, '86400', '604800'] as const

/** Rolls a key: how long the old secret works on, then the new token or a link that shows it. */
export function RollKey({ organization, shown, onClose }: RollKeyProps) {
  const roll = useRollKey(organization)
  const [grace, setGrace] = useState<string>(DEFAULT_GRACE)
  const [delivery, setDelivery] = useState(SHOWN_HERE)
  const { title, text, grace: label, graces, atOnce, submit } = t.keys.rollDialog
  if (roll.data !== undefined) {
    return (
      <MadeKeyDialog
        title={t.token.rolled(shown.name)}
        organization={organization}
        made={roll.data}
        onClose={() => {
          // Nothing keeps the token or link once its dialog is closed.
          roll.reset()
          onClose()
        }}
      />
    )
  }
  const send = (): void =>
    roll.mutate({ id: shown.id, graceSeconds: Number(grace), ...deliveryInput(delivery) })
  return (
    <Dialog
      isSmall
      title={title(shown.name)}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t.parts.cancel}</Button>
          <Button variant="filled" loading={roll.isPending} onClick={send}>
            {submit}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      <Radio.Group label={label} value={grace} onChange={setGrace}>
        {GRACES.map((seconds) => (
          <Radio key={seconds} size="xs" mt="xs" value={seconds} label={graces[seconds]} />
        ))}
      </Radio.Group>
      {grace === '0' && <Note tone="warn" title={atOnce} />}
      {shown.type === 'secret' && <DeliveryField value={delivery} onChange={setDelivery} />}
      {roll.error !== null && <Failure error={roll.error} retry={send} />}
    </Dialog>
  )
}

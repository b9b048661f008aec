import { Button } from '@mantine/core'
import type { Key } from '@sallyport/sdk'
import { useState } from 'react'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { useStayWhile } from '../../../parts/layers/leave-guard.ts'
import { useOnce } from '../../../parts/layers/once.ts'
import { Failure } from '../../../parts/states/failure.tsx'
import { t } from '../../../texts/texts.ts'
import { GraceField } from '../fields/grace-field.tsx'
import { DEFAULT_GRACE, type Grace } from '../fields/grace.ts'
import { useRollKey } from '../mutations.ts'
import { deliveryInput, SHOWN_HERE } from '../../../parts/shown-once/delivery.ts'
import { DeliveryField } from '../../../parts/shown-once/delivery-field.tsx'
import { MadeKeyDialog } from '../../../parts/shown-once/made-key-dialog.tsx'

interface RollKeyProps {
  readonly organization: string
  readonly shown: Key
  readonly onClose: () => void
}

/** Rolls a key: how long the old secret works on, then the new token or a link that shows it. */
export function RollKey({ organization, shown, onClose }: RollKeyProps) {
  const roll = useRollKey(organization)
  const [grace, setGrace] = useState<Grace>(DEFAULT_GRACE)
  const [delivery, setDelivery] = useState(SHOWN_HERE)
  const { title, text, submit } = t.keys.rollDialog
  const send = useOnce(() =>
    roll.mutate({ id: shown.id, graceSeconds: Number(grace), ...deliveryInput(delivery) }),
  )
  useStayWhile(roll.isPending)
  // The secret is rolled in any case, and the new one is in the answer.
  const close = (): void => {
    if (!roll.isPending) onClose()
  }
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
  return (
    <Dialog
      isSmall
      title={title(shown.name)}
      onClose={close}
      foot={
        <>
          <Button aria-disabled={roll.isPending || undefined} onClick={close}>
            {t.parts.cancel}
          </Button>
          <Button variant="filled" loading={roll.isPending} onClick={send}>
            {submit}
          </Button>
        </>
      }
    >
      <p>{text}</p>
      <GraceField value={grace} onChange={setGrace} />
      {shown.type === 'secret' && <DeliveryField value={delivery} onChange={setDelivery} />}
      {roll.error !== null && <Failure error={roll.error} retry={send} />}
    </Dialog>
  )
}

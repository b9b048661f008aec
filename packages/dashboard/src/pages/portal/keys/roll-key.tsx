import { Button } from '@mantine/core'
import type { ListedPortalKey } from '@sallyport/sdk'
import { useState } from 'react'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { useStayWhile } from '../../../parts/layers/leave-guard.ts'
import { useOnce } from '../../../parts/layers/once.ts'
import { Failure } from '../../../parts/states/failure.tsx'
import { t } from '../../../texts/texts.ts'
import { GraceField } from '../../keys/fields/grace-field.tsx'
import { DEFAULT_GRACE, type Grace } from '../../keys/fields/grace.ts'
import { useRollKey } from '../mutations.ts'
import type { Made } from './made-token.tsx'

interface RollKeyProps {
  readonly shown: Pick<ListedPortalKey, 'id' | 'name'>
  readonly onMade: (made: Made) => void
  readonly onClose: () => void
}

/** Rolls a key: how long the old secret works on, then the new token. */
export function RollKey({ shown: { id, name }, onMade, onClose }: RollKeyProps) {
  const roll = useRollKey()
  const [grace, setGrace] = useState<Grace>(DEFAULT_GRACE)
  const { title, text, submit } = t.keys.rollDialog
  const send = useOnce(() => {
    roll.mutate(
      { key: id, graceSeconds: Number(grace) },
      {
        onSuccess: ({ token }) => {
          if (token !== undefined) onMade({ title: t.token.rolled(name), id, token })
          onClose()
        },
      },
    )
  })
  useStayWhile(roll.isPending)
  // The secret is rolled in any case, and the new one is in the answer.
  const close = (): void => {
    if (!roll.isPending) onClose()
  }
  return (
    <Dialog
      isSmall
      title={title(name)}
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
      {roll.error !== null && <Failure error={roll.error} retry={send} />}
    </Dialog>
  )
}

import { Button } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { t } from '../../../texts/texts.ts'

/** Asks before changes that are not saved are lost: to another page, a reload, or a closed window. */
export function DraftGuard({ isActive }: { readonly isActive: boolean }) {
  const { status, proceed, reset } = useBlocker({
    shouldBlockFn: ({ current, next }) => isActive && current.pathname !== next.pathname,
    enableBeforeUnload: isActive,
    withResolver: true,
  })
  if (status !== 'blocked') return null
  const { guard } = t.pipeline
  return (
    <Dialog
      isSmall
      title={guard.title}
      onClose={reset}
      foot={
        <>
          <Button onClick={reset}>{guard.stay}</Button>
          <Button variant="filled" onClick={proceed}>
            {guard.leave}
          </Button>
        </>
      }
    >
      <p>{guard.text}</p>
    </Dialog>
  )
}

import { Button } from '@mantine/core'
import { t } from '../../texts/texts.ts'
import { Dialog } from '../layers/dialog.tsx'

interface CloseGuardProps {
  readonly words: { readonly guardTitle: string; readonly guardText: string }
  /** The button that keeps the secrets first. */
  readonly keepWord: string
  readonly onKeep: () => void
  readonly onLeave: () => void
  readonly onStay: () => void
}

/** Asks before secrets that were not kept are gone for good. */
export function CloseGuard({ words, keepWord, onKeep, onLeave, onStay }: CloseGuardProps) {
  return (
    <Dialog
      isSmall
      title={words.guardTitle}
      onClose={onStay}
      foot={
        <>
          <Button onClick={onLeave}>{t.token.closeAnyway}</Button>
          <Button variant="filled" onClick={onKeep}>
            {keepWord}
          </Button>
        </>
      }
    >
      <p>{words.guardText}</p>
    </Dialog>
  )
}

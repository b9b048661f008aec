import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { t } from '../../texts/texts.ts'
import { copyOrTell } from '../copying/copy-or-tell.ts'
import { Dialog } from '../layers/dialog.tsx'
import { useLeaveGuard } from '../layers/leave-guard.ts'
import { SecretText } from '../secret-text.tsx'
import text from '../text.module.css'
import { CloseGuard } from './close-guard.tsx'
import classes from './shown-once.module.css'

/** What is said about the kind of secret. */
export interface ShownOnceWords {
  readonly label: string
  /** That it cannot be read again, and what to do without it. */
  readonly once: string
  readonly guardTitle: string
  readonly guardText: string
}

interface ShownOnceDialogProps {
  readonly title: string
  readonly value: string
  readonly words: ShownOnceWords
  readonly onClose: () => void
  readonly children?: ReactNode
}

/** Shows a secret once. It asks before it closes if the secret was not copied. */
export function ShownOnceDialog({ title, value, words, onClose, children }: ShownOnceDialogProps) {
  const [isCopied, setCopied] = useState(false)
  const [asks, setAsks] = useState(false)
  const guard = useLeaveGuard(!isCopied)
  const close = (): void => {
    if (isCopied) onClose()
    else setAsks(true)
  }
  const stay = (): void => {
    setAsks(false)
    guard.stay()
  }
  const copyAndClose = async (): Promise<void> => {
    // What the browser refuses to copy stays shown.
    if (await copyOrTell(value)) guard.leave(onClose)
    else stay()
  }
  return (
    <>
      <Dialog
        title={title}
        onClose={close}
        foot={
          <>
            <span className={classes.copied}>{isCopied ? t.token.copied : t.token.notCopied}</span>
            <Button onClick={close}>{t.token.close}</Button>
          </>
        }
      >
        <div className={classes.part}>
          <SecretText label={words.label} value={value} onCopied={() => setCopied(true)} />
          <p className={text.meta}>{words.once}</p>
        </div>
        {children}
      </Dialog>
      {(asks || guard.isAsked) && (
        <CloseGuard
          words={words}
          keepWord={t.token.copyAndClose}
          onKeep={() => void copyAndClose()}
          onLeave={() => guard.leave(onClose)}
          onStay={stay}
        />
      )}
    </>
  )
}

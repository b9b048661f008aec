import { Button } from '@mantine/core'
import type { Receipt as ReceiptFacts } from '@sallyport/sdk'
import type { ReactNode } from 'react'
import { t } from '../../texts/texts.ts'
import { Confirm } from './confirm.tsx'
import { Dialog } from './dialog.tsx'
import { Receipt } from '../receipt.tsx'

/** What a change tells about itself. */
interface Removing {
  readonly data: { readonly receipt: ReceiptFacts } | undefined
  readonly isPending: boolean
  readonly error: unknown
}

interface RemovalProps {
  /** A question with the name in it. */
  readonly title: string
  readonly submit: string
  /** What must be typed first; left out for what can be made again. */
  readonly typed?: string
  /** What stands above the receipt. */
  readonly done: string
  /** What the receipt proves, in a sentence; that the removal is in force unless given. */
  readonly proof?: (receipt: ReceiptFacts) => string
  readonly removing: Removing
  readonly onSubmit: () => void
  /** @param isDone whether it was removed */
  readonly onClose: (isDone: boolean) => void
  /** What happens then. */
  readonly children: ReactNode
}

/** Asks before something is removed, and then shows on which gateways that is in force. */
export function Removal(props: RemovalProps) {
  const {
    title,
    submit,
    typed,
    done,
    proof = t.receipt.inForce,
    removing,
    onSubmit,
    onClose,
    children,
  } = props
  if (removing.data !== undefined) {
    const close = (): void => onClose(true)
    return (
      <Dialog isSmall title={done} onClose={close} foot={<Button onClick={close}>{t.parts.close}</Button>}>
        <p role="status">{proof(removing.data.receipt)}</p>
        <Receipt receipt={removing.data.receipt} />
      </Dialog>
    )
  }
  return (
    <Confirm
      title={title}
      submit={submit}
      {...(typed !== undefined && { typed })}
      isDestructive
      isPending={removing.isPending}
      error={removing.error}
      onSubmit={onSubmit}
      onClose={() => onClose(false)}
    >
      {children}
    </Confirm>
  )
}

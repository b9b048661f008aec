import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './dialog.module.css'

interface DialogProps {
  /** A question with the name in it, or what is being made. */
  readonly title: string
  readonly onClose: () => void
  /** 432 px, for a question; 608 px unless given. */
  readonly isSmall?: boolean
  /** Buttons: Cancel stands left of the one that does it. */
  readonly foot?: ReactNode
  readonly children: ReactNode
}

/** A dialog over the page. Its form, if it has one, is around its content. */
export function Dialog({ title, onClose, isSmall = false, foot, children }: DialogProps) {
  return (
    <Modal.Root opened onClose={onClose} size={isSmall ? '27rem' : 'var(--dialog)'} radius="lg">
      <Modal.Overlay />
      <Modal.Content className={classes.content}>
        <div className={classes.head}>
          <Modal.Title>{title}</Modal.Title>
        </div>
        <div className={classes.body}>{children}</div>
        {foot !== undefined && <div className={classes.foot}>{foot}</div>}
      </Modal.Content>
    </Modal.Root>
  )
}

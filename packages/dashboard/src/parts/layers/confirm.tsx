import { Button, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { Overtaken } from '../../data/edits/overtaken.ts'
import { isStepUpRequired } from '../../data/failures.ts'
import { t } from '../../texts/texts.ts'
import { Dialog } from './dialog.tsx'
import { useStayWhile } from './leave-guard.ts'
import { useOnce } from './once.ts'
import { Failure } from '../states/failure.tsx'

interface ConfirmProps {
  /** A question with the name in it. */
  readonly title: string
  /** The verb of the question. */
  readonly submit: string
  /** What must be typed before something that cannot be undone. */
  readonly typed?: string
  readonly isDestructive?: boolean
  readonly isPending: boolean
  readonly error: unknown
  readonly onSubmit: () => void
  readonly onClose: () => void
  /** What happens then. */
  readonly children: ReactNode
}

/** Asks before something that takes effect at once. */
export function Confirm(props: ConfirmProps) {
  const { title, submit, typed, isDestructive = false, isPending, error, onSubmit, onClose, children } = props
  const [text, setText] = useState('')
  const overtaken = error instanceof Overtaken ? error : undefined
  const [shownAgain, setShownAgain] = useState(overtaken)
  // What was typed was about what there was before.
  if (overtaken !== undefined && overtaken !== shownAgain) {
    setShownAgain(overtaken)
    setText('')
  }
  // The form that asks who it is does the rest.
  const isReady =
    (typed === undefined || text === typed) && !isStepUpRequired(error) && overtaken?.now !== null
  const once = useOnce(onSubmit)
  useStayWhile(isPending)
  // What was sent is done in any case, and its answer may have something that is shown only once.
  const close = (): void => {
    if (!isPending) onClose()
  }
  const send = (): void => {
    if (isReady && !isPending) once()
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <Dialog
        isSmall
        title={title}
        onClose={close}
        foot={
          <>
            <Button aria-disabled={isPending || undefined} onClick={close}>
              {t.parts.cancel}
            </Button>
            <Button
              variant="filled"
              data-danger={isDestructive || undefined}
              loading={isPending}
              aria-disabled={!isReady || undefined}
              onClick={send}
            >
              {submit}
            </Button>
          </>
        }
      >
        {children}
        {typed !== undefined && (
          <TextInput
            data-autofocus
            label={t.parts.typeToConfirm(typed)}
            autoComplete="off"
            spellCheck={false}
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
            onKeyDown={({ key }) => {
              if (key === 'Enter') send()
            }}
          />
        )}
        {error !== null && error !== undefined && <Failure error={error} retry={onSubmit} />}
      </Dialog>
    </form>
  )
}

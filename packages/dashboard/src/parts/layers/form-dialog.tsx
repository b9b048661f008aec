import { Button } from '@mantine/core'
import { type ReactNode, useId } from 'react'
import { t } from '../../texts/texts.ts'
import { Dialog } from './dialog.tsx'
import { WhyNot, whyNotReady } from './why-not.tsx'
import type { OvertakenEdit } from '../edits/use-edit.ts'
import { Failure } from '../states/failure.tsx'
import classes from './form.module.css'
import { useStayWhile } from './leave-guard.ts'
import { useOnce } from './once.ts'
import text from '../text.module.css'

interface FormDialogProps {
  readonly title: string
  readonly submit: string
  /** What happens then. */
  readonly effect?: string
  /** The fields that must be filled in first. */
  readonly missing?: readonly (string | false)[]
  /** Whether everything is as it was. */
  readonly isUnchanged?: boolean
  readonly isPending: boolean
  readonly error: unknown
  /** What another person has made of what the form changes. */
  readonly overtaken?: OvertakenEdit | undefined
  readonly onSubmit: () => void
  readonly onClose: () => void
  /** The fields. */
  readonly children: ReactNode
}

/** A form in a dialog. */
export function FormDialog(props: FormDialogProps) {
  const { title, submit, effect, missing = [], isUnchanged = false, isPending } = props
  const { error, overtaken, onSubmit, onClose, children } = props
  const id = useId()
  const whyNot = whyNotReady(missing, isUnchanged, overtaken)
  const isReady = whyNot === undefined
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
    <Dialog
      title={title}
      onClose={close}
      foot={
        <>
          {!isReady && <WhyNot id={`${id}-why`}>{whyNot}</WhyNot>}
          <Button aria-disabled={isPending || undefined} onClick={close}>
            {t.parts.cancel}
          </Button>
          <Button
            type="submit"
            form={id}
            variant="filled"
            loading={isPending}
            aria-disabled={!isReady || undefined}
            aria-describedby={isReady ? undefined : `${id}-why`}
          >
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        {children}
        {effect !== undefined && <p className={text.meta}>{effect}</p>}
        {error !== null && error !== undefined && (
          <Failure error={error} retry={send} overtaken={overtaken} />
        )}
      </form>
    </Dialog>
  )
}

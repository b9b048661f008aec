import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useId } from 'react'
import { hasCode } from '../../../data/failures.ts'
import { Dialog } from '../../../parts/layers/dialog.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { formText } from '../../../parts/form-text.ts'
import { Note } from '../../../parts/states/note.tsx'
import { t } from '../../../texts/texts.ts'
import { useChangePassword } from '../mutations.ts'
import classes from './dialogs.module.css'

/** Changes the password. A person who has none sets their first one. */
export function ChangePassword({ onClose }: { readonly onClose: () => void }) {
  const form = useId()
  const change = useChangePassword()
  const { dialog, text, current, currentHint, next, nextHint, submit, wrong } = t.profile.password
  const { variables } = change
  const send = (input: NonNullable<typeof variables>): void => change.mutate(input, { onSuccess: onClose })
  const onSubmit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const old = formText(event.currentTarget, 'current')
    const password = formText(event.currentTarget, 'password')
    send({ password, ...(old !== '' && { current: old }) })
  }
  return (
    <Dialog
      isSmall
      title={dialog}
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>{t.parts.cancel}</Button>
          <Button type="submit" form={form} variant="filled" loading={change.isPending}>
            {submit}
          </Button>
        </>
      }
    >
      <form id={form} className={classes.form} onSubmit={onSubmit}>
        <PasswordInput
          data-autofocus
          name="current"
          label={current}
          description={currentHint}
          autoComplete="current-password"
        />
        <PasswordInput
          name="password"
          label={next}
          description={nextHint}
          autoComplete="new-password"
          minLength={8}
          maxLength={256}
          required
        />
      </form>
      <p>{text}</p>
      {hasCode(change.error, 'sign_in_failed') && <Note tone="bad" role="alert" title={wrong} />}
      {change.error !== null && !hasCode(change.error, 'sign_in_failed') && (
        <Failure error={change.error} retry={() => variables !== undefined && send(variables)} />
      )}
    </Dialog>
  )
}

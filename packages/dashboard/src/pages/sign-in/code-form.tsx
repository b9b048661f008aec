import { Button, TextInput } from '@mantine/core'
import type { FormEvent } from 'react'
import { hasCode } from '../../data/failures.ts'
import { Failure } from '../../parts/states/failure.tsx'
import { formText } from '../../parts/form-text.ts'
import { Note } from '../../parts/states/note.tsx'
import { t } from '../../texts/texts.ts'
import { useSendCode, useStartAgain } from './mutations.ts'
import classes from './sign-in-page.module.css'

/** Asks for the second factor after a sign-in with a provider. */
export function CodeForm({ email }: { readonly email: string }) {
  const send = useSendCode()
  const startAgain = useStartAgain()
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    send.mutate(formText(event.currentTarget, 'code'))
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <p>{t.signIn.codeFor(email)}</p>
      <TextInput
        name="code"
        label={t.signIn.code}
        autoComplete="one-time-code"
        inputMode="text"
        required
        autoFocus
      />
      {hasCode(send.error, 'sign_in_failed') && <Note tone="bad" role="alert" title={t.signIn.wrongCode} />}
      {send.error !== null && !hasCode(send.error, 'sign_in_failed') && <Failure error={send.error} />}
      <Button type="submit" variant="filled" loading={send.isPending}>
        {t.signIn.goOn}
      </Button>
      <Button loading={startAgain.isPending} onClick={() => startAgain.mutate()}>
        {t.signIn.startAgain}
      </Button>
    </form>
  )
}

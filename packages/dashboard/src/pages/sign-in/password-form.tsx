import { Button, PasswordInput, TextInput } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { hasCode } from '../../data/failures.ts'
import { Failure } from '../../parts/states/failure.tsx'
import { formText } from '../../parts/form-text.ts'
import { Note } from '../../parts/states/note.tsx'
import { t } from '../../texts/texts.ts'
import { useSignIn } from './mutations.ts'
import classes from './sign-in-page.module.css'

/** The sign-in with a password, and with a code for who has a second factor. */
export function PasswordForm() {
  const signIn = useSignIn()
  const { error } = signIn
  const sentCode = signIn.variables?.code !== undefined
  const asksForCode = hasCode(error, 'second_factor_required') || sentCode
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    const form = event.currentTarget
    const text = (name: string): string => formText(form, name)
    signIn.mutate({
      email: text('email'),
      password: text('password'),
      ...(asksForCode && { code: text('code') }),
    })
  }
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        name="email"
        type="email"
        label={t.signIn.email}
        autoComplete="username"
        required
        autoFocus
      />
      <div className={classes.password}>
        <PasswordInput name="password" label={t.signIn.password} autoComplete="current-password" required />
        <Link to="/forgot-password" className={classes.forgot}>
          {t.signIn.forgot}
        </Link>
      </div>
      {asksForCode && (
        <TextInput
          name="code"
          label={t.signIn.code}
          autoComplete="one-time-code"
          inputMode="text"
          required
          autoFocus
        />
      )}
      <Refusal error={error} sentCode={sentCode} />
      <Button type="submit" variant="filled" loading={signIn.isPending}>
        {t.signIn.submit}
      </Button>
    </form>
  )
}

/** Why the sign-in was refused. What is wrong with it is not told apart, except for a code. */
function Refusal({ error, sentCode }: { readonly error: Error | null; readonly sentCode: boolean }) {
  if (error === null) return null
  if (hasCode(error, 'sign_in_failed'))
    return <Note tone="bad" role="alert" title={sentCode ? t.signIn.wrongCode : t.signIn.wrong} />
  if (hasCode(error, 'second_factor_required'))
    return <Note tone="plain" role="status" title={t.signIn.codeNeeded} />
  return <Failure error={error} />
}

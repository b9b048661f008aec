import { Button, PasswordInput, TextInput } from '@mantine/core'
import { SallyportError } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { sallyport } from '../../data/sallyport.ts'
import { sessionQuery } from '../../data/session.ts'
import { Failure } from '../../parts/failure.tsx'
import { formText } from '../../parts/form-text.ts'
import { Note } from '../../parts/note.tsx'
import { Alone } from '../../shell/alone.tsx'
import { t } from '../../texts/texts.ts'
import classes from './sign-in-page.module.css'

interface Credentials {
  readonly email: string
  readonly password: string
  readonly code?: string
}

/** The sign-in. Afterwards the person returns to where they were. */
export function SignInPage() {
  const { returnTo } = useSearch({ from: '/sign-in' })
  const queries = useQueryClient()
  const router = useRouter()
  const signIn = useMutation({
    mutationFn: async (credentials: Credentials) => await sallyport.signIn(credentials),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: sessionQuery.queryKey })
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
      await router.invalidate()
    },
  })
  const { error } = signIn
  const code = error instanceof SallyportError ? error.code : undefined
  const asksForCode = code === 'second_factor_required' || signIn.variables?.code !== undefined
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
    <Alone title={t.signIn.title}>
      <h1>{t.signIn.title}</h1>
      {returnTo !== undefined && error === null && <Note tone="plain" title={t.signIn.ended} />}
      <form className={classes.form} onSubmit={submit}>
        <TextInput
          name="email"
          type="email"
          label={t.signIn.email}
          autoComplete="username"
          required
          autoFocus
        />
        <PasswordInput name="password" label={t.signIn.password} autoComplete="current-password" required />
        {asksForCode && (
          <TextInput
            name="code"
            label={t.signIn.code}
            autoComplete="one-time-code"
            inputMode="numeric"
            required
            autoFocus
          />
        )}
        <Refusal error={error} sentCode={signIn.variables?.code !== undefined} />
        <Button type="submit" variant="filled" loading={signIn.isPending}>
          {t.signIn.submit}
        </Button>
      </form>
    </Alone>
  )
}

/** Why the sign-in was refused. What is wrong with it is not told apart, except for a code. */
function Refusal({ error, sentCode }: { readonly error: Error | null; readonly sentCode: boolean }) {
  if (error === null) return null
  const code = error instanceof SallyportError ? error.code : undefined
  if (code === 'sign_in_failed') {
    return <Note tone="bad" role="alert" title={sentCode ? t.signIn.wrongCode : t.signIn.wrong} />
  }
  if (code === 'second_factor_required')
    return <Note tone="plain" role="status" title={t.signIn.codeNeeded} />
  return <Failure error={error} />
}

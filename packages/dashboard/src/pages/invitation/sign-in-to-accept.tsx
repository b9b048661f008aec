import { Button, PasswordInput, TextInput } from '@mantine/core'
import { SallyportError } from '@sallyport/sdk'
import { formText } from '../../parts/form-text.ts'
import text from '../../parts/text.module.css'
import { t } from '../../texts/texts.ts'
import type { Accept } from './accept.ts'
import classes from './invitation-page.module.css'
import { Refusal } from './refusal.tsx'

interface SignInToAcceptProps {
  readonly token: string
  readonly accept: Accept
}

/** Signs the person in, and accepts. It stays on this page, because the token of the link stands nowhere else. */
export function SignInToAccept({ token, accept }: SignInToAcceptProps) {
  const { error, variables } = accept
  const sentCode = variables?.credentials?.code !== undefined
  const asksForCode = sentCode || (error instanceof SallyportError && error.code === 'second_factor_required')
  const { invitation } = t
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        const form = event.currentTarget
        const credentials = {
          email: formText(form, 'email'),
          password: formText(form, 'password'),
          ...(asksForCode && { code: formText(form, 'code') }),
        }
        accept.mutate({ token, credentials })
      }}
    >
      <div>
        <h2>{invitation.signInHeading}</h2>
        <p className={text.meta}>{invitation.signInText}</p>
      </div>
      <TextInput name="email" type="email" label={t.signIn.email} autoComplete="username" required />
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
      <Refusal error={error} sentCode={sentCode} />
      <Button type="submit" variant="filled" loading={accept.isPending}>
        {invitation.submitSignIn}
      </Button>
    </form>
  )
}

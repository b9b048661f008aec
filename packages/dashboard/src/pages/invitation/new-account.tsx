import { Button, PasswordInput, TextInput } from '@mantine/core'
import { isSignedOut } from '../../data/failures.ts'
import { formText } from '../../parts/form-text.ts'
import text from '../../parts/text.module.css'
import { t } from '../../texts/texts.ts'
import type { Accept } from './accept.ts'
import classes from './invitation-page.module.css'
import { Refusal } from './refusal.tsx'

interface NewAccountProps {
  readonly token: string
  readonly accept: Accept
  /** Called when the address turns out to have an account. */
  readonly onKnown: () => void
}

/** Accepts with a new account. */
export function NewAccount({ token, accept, onKnown }: NewAccountProps) {
  const { invitation } = t
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        const form = event.currentTarget
        accept.mutate(
          { token, name: formText(form, 'name'), password: formText(form, 'password') },
          {
            onError: (error) => {
              if (isSignedOut(error)) onKnown()
            },
          },
        )
      }}
    >
      <div>
        <h2>{invitation.newHeading}</h2>
        <p className={text.meta}>{invitation.newText}</p>
      </div>
      <TextInput name="name" label={invitation.name} autoComplete="name" required />
      <PasswordInput
        name="password"
        label={invitation.password}
        description={invitation.passwordHint}
        autoComplete="new-password"
        required
      />
      <Refusal error={accept.error} />
      <Button type="submit" variant="filled" loading={accept.isPending}>
        {invitation.submitNew}
      </Button>
    </form>
  )
}

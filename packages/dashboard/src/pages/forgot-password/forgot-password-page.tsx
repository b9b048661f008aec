import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { sallyport } from '../../data/sallyport.ts'
import { Failure } from '../../parts/states/failure.tsx'
import { formText } from '../../parts/form-text.ts'
import { Note } from '../../parts/states/note.tsx'
import { Alone } from '../../shell/alone.tsx'
import { t } from '../../texts/texts.ts'
import classes from '../../shell/alone-form.module.css'

/** Asks for a mail with a link to set a new password. The answer does not say whether the address has an account. */
export function ForgotPasswordPage() {
  const ask = useMutation({
    mutationFn: async (email: string) => await sallyport.requestPasswordReset({ email }),
  })
  const { title, lead, email, submit, back } = t.forgotPassword
  return (
    <Alone title={title}>
      <h1>{title}</h1>
      {ask.data === undefined ? (
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault()
            ask.mutate(formText(event.currentTarget, 'email'))
          }}
        >
          <p>{lead}</p>
          <TextInput name="email" type="email" label={email} autoComplete="username" required autoFocus />
          {ask.error !== null && <Failure error={ask.error} />}
          <Button type="submit" variant="filled" loading={ask.isPending}>
            {submit}
          </Button>
        </form>
      ) : (
        <Note tone="plain" role="status" title={ask.data.detail} />
      )}
      <Link to="/sign-in" className={classes.link}>
        {back}
      </Link>
    </Alone>
  )
}

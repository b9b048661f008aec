import { Button, PasswordInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { hasCode } from '../../data/failures.ts'
import { sallyport } from '../../data/sallyport.ts'
import { sessionQuery } from '../../data/session.ts'
import { Failure } from '../../parts/states/failure.tsx'
import { formText } from '../../parts/form-text.ts'
import { useLinkSecret } from '../../parts/link-secret.ts'
import { Note } from '../../parts/states/note.tsx'
import { Alone } from '../../shell/alone.tsx'
import classes from '../../shell/alone-form.module.css'
import { t } from '../../texts/texts.ts'

/** Sets a new password with the link of a mail, or one that an owner handed over. */
export function ResetPasswordPage() {
  const token = useLinkSecret()
  const queries = useQueryClient()
  const reset = useMutation({
    mutationFn: async (password: string) => await sallyport.resetPassword({ token, password }),
    // Every session of the person has ended; perhaps the one of this browser too.
    onSuccess: async () => await queries.invalidateQueries({ queryKey: sessionQuery.queryKey }),
  })
  const { title, done, doneText, signIn } = t.resetPassword
  if (reset.isSuccess) {
    return (
      <Alone title={done}>
        <h1>{done}</h1>
        <p role="status">{doneText}</p>
        <Link to="/sign-in" className={classes.link}>
          {signIn}
        </Link>
      </Alone>
    )
  }
  return (
    <Alone title={title}>
      <h1>{title}</h1>
      {token === '' || hasCode(reset.error, 'link_invalid') ? (
        <Spent isMissing={token === ''} />
      ) : (
        <Form
          isPending={reset.isPending}
          error={reset.error}
          onSubmit={(password) => reset.mutate(password)}
        />
      )}
    </Alone>
  )
}

/** What to do with a link that does not work. */
function Spent({ isMissing }: { readonly isMissing: boolean }) {
  const { missing, missingNext, spent, spentNext, again } = t.resetPassword
  return (
    <>
      <Note tone="bad" role="alert" title={isMissing ? missing : spent}>
        {isMissing ? missingNext : spentNext}
      </Note>
      <Link to="/forgot-password" className={classes.link}>
        {again}
      </Link>
    </>
  )
}

interface FormProps {
  readonly isPending: boolean
  readonly error: Error | null
  readonly onSubmit: (password: string) => void
}

function Form({ isPending, error, onSubmit }: FormProps) {
  const { lead, password, hint, submit } = t.resetPassword
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit(formText(event.currentTarget, 'password'))
      }}
    >
      <p>{lead}</p>
      <PasswordInput
        name="password"
        label={password}
        description={hint}
        autoComplete="new-password"
        minLength={8}
        maxLength={256}
        required
        autoFocus
      />
      {error !== null && <Failure error={error} />}
      <Button type="submit" variant="filled" loading={isPending}>
        {submit}
      </Button>
    </form>
  )
}

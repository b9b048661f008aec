import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { sessionQuery } from '../../data/session.ts'
import { hasSessionEnded } from '../../data/session-end.ts'
import { Note } from '../../parts/states/note.tsx'
import { Alone } from '../../shell/alone.tsx'
import { t } from '../../texts/texts.ts'
import { CodeForm } from './code-form.tsx'
import { OtherWays } from './other-ways.tsx'
import { PasswordForm } from './password-form.tsx'

/** The sign-in. Afterwards the person returns to where they were. */
export function SignInPage() {
  const { returnTo, error } = useSearch({ from: '/sign-in' })
  const { data: session } = useQuery(sessionQuery)
  if (session?.secondFactorRequired === true) {
    return (
      <Alone title={t.signIn.codeTitle}>
        <h1>{t.signIn.codeTitle}</h1>
        <CodeForm email={session.member.email} />
      </Alone>
    )
  }
  return (
    <Alone title={t.signIn.title}>
      <h1>{t.signIn.title}</h1>
      {returnTo !== undefined && error === undefined && hasSessionEnded() && (
        <Note tone="plain" title={t.signIn.ended} />
      )}
      {error !== undefined && (
        <Note tone="bad" role="alert" title={t.signIn.providerErrors[error].title}>
          {t.signIn.providerErrors[error].next}
        </Note>
      )}
      <PasswordForm />
      <OtherWays returnTo={returnTo} />
    </Alone>
  )
}

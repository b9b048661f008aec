import { useQuery } from '@tanstack/react-query'
import { useRouteContext, useSearch } from '@tanstack/react-router'
import { secondFactorQuery } from '../../data/second-factor.ts'
import { InForce } from '../../parts/in-force.tsx'
import { Note } from '../../parts/states/note.tsx'
import { PageHead } from '../../parts/page-head.tsx'
import { When } from '../../parts/when.tsx'
import { Personal } from '../../shell/personal.tsx'
import { t } from '../../texts/texts.ts'
import { ProfileDialogs } from './profile-dialogs.tsx'
import classes from './profile-page.module.css'
import { Passkeys } from './sections/passkeys.tsx'
import { Password } from './sections/password.tsx'
import { Person } from './sections/person.tsx'
import { Providers } from './sections/providers.tsx'
import { SecondFactor } from './sections/second-factor.tsx'
import { Sessions } from './sections/sessions.tsx'

/** What a person sees and changes about themselves: how they sign in, and where they are signed in. */
export function ProfilePage() {
  const { session } = useRouteContext({ from: '/signed-in/profile' })
  const { organization, dialog, of, error } = useSearch({ from: '/signed-in/profile' })
  const { data: factor } = useQuery(secondFactorQuery)
  const { title, force } = t.profile
  return (
    <Personal session={session} organization={organization}>
      <PageHead title={title} />
      <InForce>
        <span>
          {force.signedInAs} <strong>{session.member.email}</strong>
        </span>
        {factor !== undefined && (
          <span>{factor.authenticator === null ? force.oneFactor : force.twoFactors}</span>
        )}
        <span>
          {force.ends} <When at={session.expiresAt} />
        </span>
      </InForce>
      {error !== undefined && (
        <div className={classes.note}>
          <Note tone="bad" role="alert" title={t.signIn.providerErrors[error].title}>
            {t.signIn.providerErrors[error].next}
          </Note>
        </div>
      )}
      <div className={classes.sections}>
        <Person session={session} />
        <Password />
        <SecondFactor />
        <Passkeys />
        <Providers />
        <Sessions />
      </div>
      <ProfileDialogs dialog={dialog} of={of} />
    </Personal>
  )
}

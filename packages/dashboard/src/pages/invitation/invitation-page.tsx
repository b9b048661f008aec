import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { sessionQuery } from '../../data/session.ts'
import { useLinkSecret } from '../../parts/link-secret.ts'
import { Loaded } from '../../parts/states/loaded.tsx'
import { Note } from '../../parts/states/note.tsx'
import { RowsSkeleton } from '../../parts/states/skeleton.tsx'
import { Alone } from '../../shell/alone.tsx'
import { t } from '../../texts/texts.ts'
import { AcceptAsYou } from './accept-as-you.tsx'
import { useAccept } from './accept.ts'
import classes from './invitation-page.module.css'
import { NewAccount } from './new-account.tsx'
import { SignInToAccept } from './sign-in-to-accept.tsx'

/** The page behind the link of an invitation, whose token stands after the `#`. */
export function InvitationPage() {
  const token = useLinkSecret()
  const { invitation } = t
  return (
    <Alone title={invitation.title}>
      <h1>{invitation.title}</h1>
      {token === '' ? (
        <Note tone="warn" title={invitation.missing}>
          {invitation.missingText}
        </Note>
      ) : (
        <Ways token={token} />
      )}
    </Alone>
  )
}

/** The ways to accept: as the person who is signed in, with an account, or with a new one. */
function Ways({ token }: { readonly token: string }) {
  const session = useQuery(sessionQuery)
  // One for all ways, so that a refusal stays when another way is shown.
  const accept = useAccept()
  const [hasAccount, setHasAccount] = useState(false)
  const [isKnown, setKnown] = useState(false)
  const { invitation } = t
  return (
    <Loaded query={session} skeleton={<RowsSkeleton rows={3} />}>
      {(person) => {
        if (person !== null && !person.secondFactorRequired) {
          return (
            <AcceptAsYou
              token={token}
              accept={accept}
              name={person.member.name}
              email={person.member.email}
            />
          )
        }
        return (
          <>
            <p>{invitation.lead}</p>
            {isKnown && hasAccount && <Note tone="plain" role="status" title={invitation.known} />}
            {hasAccount ? (
              <SignInToAccept token={token} accept={accept} />
            ) : (
              <NewAccount
                token={token}
                accept={accept}
                onKnown={() => {
                  accept.reset()
                  setKnown(true)
                  setHasAccount(true)
                }}
              />
            )}
            <Button
              variant="subtle"
              className={classes.other}
              onClick={() => {
                accept.reset()
                setHasAccount((before) => !before)
              }}
            >
              {hasAccount ? invitation.noAccount : invitation.haveAccount}
            </Button>
          </>
        )
      }}
    </Loaded>
  )
}

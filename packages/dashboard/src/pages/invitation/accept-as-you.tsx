import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'
import { sessionQuery } from '../../data/session.ts'
import { t } from '../../texts/texts.ts'
import type { Accept } from './accept.ts'
import classes from './invitation-page.module.css'
import { Refusal } from './refusal.tsx'

interface AcceptAsYouProps {
  readonly token: string
  readonly accept: Accept
  readonly name: string
  readonly email: string
}

/** Accepts as the person who is signed in. */
export function AcceptAsYou({ token, accept, name, email }: AcceptAsYouProps) {
  const queries = useQueryClient()
  const signOut = useMutation({
    mutationFn: async () => await sallyport.signOut(),
    onSuccess: () => queries.setQueryData(sessionQuery.queryKey, null),
  })
  const { invitation } = t
  return (
    <>
      <p>{invitation.lead}</p>
      <p>{invitation.signedIn(name, email)}</p>
      <Refusal error={accept.error ?? signOut.error} />
      <div className={classes.buttons}>
        <Button variant="filled" loading={accept.isPending} onClick={() => accept.mutate({ token })}>
          {invitation.accept}
        </Button>
        <Button loading={signOut.isPending} onClick={() => signOut.mutate()}>
          {invitation.otherAccount}
        </Button>
      </div>
    </>
  )
}

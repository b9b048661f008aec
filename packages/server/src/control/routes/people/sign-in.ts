import { normalizeEmail } from '@sallyport/core'
import { VISITOR } from '../../../app/access/actor.ts'
import { signInWithPassword } from '../../../app/sign-in/sign-in-with-password.ts'
import { signInAnswer, signInRequest } from '../../../contract/people/sessions.ts'
import { signedInMemberAnswer } from '../../answers/signed-in-member-answer.ts'
import type { PeopleApi } from '../../sessions/people-api.ts'
import { clientOf } from '../../sessions/client.ts'
import { documented } from '../../routing/route-schema.ts'

/** The ways to sign in; they need no credential but what they verify. */
export function signInRoutes({ app, operations, limits, sessions }: PeopleApi): void {
  app.post(
    '/v1/auth/sign-in',
    {
      schema: {
        ...documented('Sessions', 'signIn', 'Sign in with a password'),
        security: [],
        body: signInRequest,
        response: { 200: signInAnswer },
      },
    },
    async (request, reply) => {
      const { email, password, code } = request.body
      const account = normalizeEmail(email)
      request.actor = VISITOR
      const signedIn = await limits.attempt(
        // Failures elsewhere must not keep a person out of a browser that they have signed in at.
        { account, address: request.ip, device: sessions.knownDeviceOf(request, account) },
        async () =>
          await signInWithPassword(operations.contextOf(request), {
            email: account,
            password,
            code,
            client: clientOf(request),
          }),
      )
      return {
        member: signedInMemberAnswer(signedIn.person),
        csrfToken: sessions.signIn(request, reply, signedIn),
      }
    },
  )
}

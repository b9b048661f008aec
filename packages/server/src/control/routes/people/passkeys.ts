import { z } from 'zod'
import { VISITOR } from '../../../app/access/actor.ts'
import { addPasskey } from '../../../app/passkeys/add-passkey.ts'
import { beginPasskeySignIn, beginPasskeyStepUp } from '../../../app/passkeys/begin-assertion.ts'
import { beginRegistration } from '../../../app/passkeys/begin-registration.ts'
import { passkeysOf, removePasskey, renamePasskey } from '../../../app/passkeys/manage-passkeys.ts'
import { signInWithPasskey } from '../../../app/passkeys/use-passkey.ts'
import {
  assertionBegun,
  passkey,
  passkeyChange,
  passkeyCreation,
  passkeyProof,
  passkeys,
  registrationBegun,
} from '../../../contract/people/passkeys.ts'
import { done, nothing } from '../../../contract/fields/nothing.ts'
import { signInAnswer } from '../../../contract/people/sessions.ts'
import type { PasskeyRow } from '../../../store/port/people/passkeys.ts'
import { signedInMemberAnswer } from '../../answers/signed-in-member-answer.ts'
import { timestampAnswer, timestampAnswerOrNull } from '../../answers/timestamp.ts'
import { pathParameters } from '../../routing/path-parameters.ts'
import { documented, documentedCreation, SESSION_SECURITY } from '../../routing/route-schema.ts'
import { BeginLimits } from '../../sessions/begin-limits.ts'
import { clientOf } from '../../sessions/client.ts'
import { passkeyAnswerOf, requireProved } from '../../sessions/passkey-proof.ts'
import type { PeopleApi } from '../../sessions/people-api.ts'
import { memberOf } from '../../sessions/require-session.ts'

const TAG = 'Passkeys'
const all = '/v1/person/passkeys'
const one = '/v1/person/passkeys/:passkey'

function passkeyAnswer(row: PasskeyRow): z.input<typeof passkey> {
  return {
    id: row.id,
    name: row.name,
    synced: row.backupEligible,
    createdAt: timestampAnswer(row.createdAtMs),
    lastUsedAt: timestampAnswerOrNull(row.lastUsedAtMs),
  }
}

/** Signing in with a passkey. */
export function passkeySignInRoutes({ app, operations, deps, limits, sessions }: PeopleApi): void {
  const begins = new BeginLimits(deps.monotonicMs)

  app.post(
    '/v1/auth/passkeys/options',
    {
      schema: {
        ...documented(TAG, 'beginPasskeySignIn', 'Begin to sign in with a passkey'),
        security: [],
        body: nothing,
        response: { 200: assertionBegun },
      },
    },
    async (request) => {
      await begins.count(request.ip)
      request.actor = VISITOR
      const { ticket, options } = await beginPasskeySignIn(operations.contextOf(request))
      return { ticket, options: { ...options } }
    },
  )

  app.post(
    '/v1/auth/passkeys/sign-in',
    {
      schema: {
        ...documented(TAG, 'signInWithPasskey', 'Sign in with a passkey'),
        security: [],
        body: passkeyProof,
        response: { 200: signInAnswer },
      },
    },
    async (request, reply) => {
      request.actor = VISITOR
      const answer = passkeyAnswerOf(request.body)
      const signedIn = await limits.attempt({ address: request.ip }, async () => {
        const context = operations.contextOf(request)
        const proved = await signInWithPasskey(context, answer, clientOf(request))
        return requireProved(request, proved)
      })
      return {
        member: signedInMemberAnswer(signedIn.person),
        csrfToken: sessions.signIn(request, reply, signedIn),
      }
    },
  )
}

/** The passkeys of the person who is signed in. */
export function passkeyRoutes({ app, operations, sessions, deps }: PeopleApi): void {
  app.get(
    all,
    {
      schema: {
        ...documented(TAG, 'listPasskeys', 'List your passkeys'),
        security: SESSION_SECURITY,
        response: { 200: passkeys },
      },
    },
    async (request) => {
      const rows = await passkeysOf(operations.contextOf(request), memberOf(request))
      return { items: rows.map(passkeyAnswer), next: null }
    },
  )

  app.post(
    `${all}/options`,
    {
      schema: {
        ...documented(TAG, 'beginPasskey', 'Begin to add a passkey'),
        security: SESSION_SECURITY,
        body: nothing,
        response: { 200: registrationBegun },
      },
    },
    async (request) => {
      const context = operations.contextOf(request)
      const { ticket, options } = await beginRegistration(context, memberOf(request))
      return { ticket, options: { ...options } }
    },
  )

  app.post(
    all,
    {
      schema: {
        ...documentedCreation(TAG, 'addPasskey', 'Add a passkey'),
        security: SESSION_SECURITY,
        body: passkeyCreation,
        response: { 201: passkey },
      },
    },
    async (request, reply) => {
      const { ticket, name, response } = request.body
      const { transports = [] } = response.response
      const input = { ticket, name, response, transports }
      const { result } = await operations.create(request, reply, (context) =>
        addPasskey(context, memberOf(request), input),
      )
      return passkeyAnswer(result)
    },
  )

  app.patch(
    one,
    {
      schema: {
        ...documented(TAG, 'renamePasskey', 'Rename a passkey'),
        security: SESSION_SECURITY,
        params: pathParameters(one),
        body: passkeyChange,
        response: { 200: passkey },
      },
    },
    async (request) => {
      const context = operations.contextOf(request)
      const { name } = request.body
      return passkeyAnswer(await renamePasskey(context, memberOf(request), request.params.passkey, name))
    },
  )

  app.delete(
    one,
    {
      schema: {
        ...documented(TAG, 'removePasskey', 'Remove a passkey'),
        security: SESSION_SECURITY,
        params: pathParameters(one),
        response: { 204: done },
      },
    },
    async (request, reply) => {
      const context = operations.contextOf(request)
      const { passkey: id } = request.params
      const hasEnded = await removePasskey(context, deps.signIn.providers, memberOf(request), id)
      if (hasEnded) sessions.end(reply)
      return await reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/session/step-up/passkey-options',
    {
      schema: {
        ...documented(TAG, 'beginPasskeyStepUp', 'Begin to confirm with a passkey that it is you'),
        security: SESSION_SECURITY,
        body: nothing,
        response: { 200: assertionBegun },
      },
    },
    async (request) => {
      const context = operations.contextOf(request)
      const { ticket, options } = await beginPasskeyStepUp(context, memberOf(request))
      return { ticket, options: { ...options } }
    },
  )
}

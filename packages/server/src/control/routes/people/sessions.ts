import { sessionEndMs } from '@sallyport/core'
import { endOtherSession, endOtherSessions, endSession } from '../../../app/sessions/end-session.ts'
import { organizationsOf, otherSessions as listOthers } from '../../../app/sessions/reading.ts'
import { stepUpWithPasskey } from '../../../app/passkeys/use-passkey.ts'
import { stepUpWithPassword } from '../../../app/sessions/step-up-with-password.ts'
import { verifySecondFactor } from '../../../app/sessions/verify-second-factor.ts'
import { done } from '../../../contract/fields/nothing.ts'
import { otherSessions, sessionAnswer, stepUpRequest } from '../../../contract/people/sessions.ts'
import type { SessionRow } from '../../../store/port/people/sessions.ts'
import { signedInMemberAnswer } from '../../answers/signed-in-member-answer.ts'
import { timestampAnswer } from '../../answers/timestamp.ts'
import { documented, SESSION_SECURITY } from '../../routing/route-schema.ts'
import { attemptCode } from '../../sessions/attempt-code.ts'
import { csrfToken } from '../../sessions/session-cookie.ts'
import { memberOf } from '../../sessions/require-session.ts'
import { passkeyAnswerOf, requireProved } from '../../sessions/passkey-proof.ts'
import type { PeopleApi } from '../../sessions/people-api.ts'
import { pathParameters } from '../../routing/path-parameters.ts'

const TAG = 'Sessions'

function sessionItem(session: SessionRow) {
  return {
    id: session.id,
    method: session.method,
    createdAt: timestampAnswer(session.createdAtMs),
    lastUsedAt: timestampAnswer(session.lastUsedAtMs),
    expiresAt: timestampAnswer(sessionEndMs(session)),
    address: session.address,
    userAgent: session.userAgent,
  }
}

/** What a signed-in person does with their own sessions. */
export function sessionRoutes(api: PeopleApi): void {
  const { app, operations, sessions, limits } = api
  app.get(
    '/v1/session',
    {
      config: { admitsPending: true },
      schema: {
        ...documented(TAG, 'getSession', 'Describe the session of this request'),
        security: SESSION_SECURITY,
        response: { 200: sessionAnswer },
      },
    },
    async (request) => {
      const member = memberOf(request)
      const organizations = await organizationsOf(operations.contextOf(request), member)
      return {
        member: signedInMemberAnswer(member.person),
        organizations: organizations.map(({ roles, permissions, ...rest }) => ({
          ...rest,
          roles: [...roles],
          permissions: permissions.map((grant) => ({ ...grant })),
        })),
        expiresAt: timestampAnswer(sessionEndMs(member.session)),
        confirmedAt:
          member.session.confirmedAtMs === 0 ? null : timestampAnswer(member.session.confirmedAtMs),
        secondFactorRequired: member.isPending,
        csrfToken: csrfToken(sessions.tokenOf(request) ?? ''),
      }
    },
  )

  app.delete(
    '/v1/session',
    {
      config: { admitsPending: true },
      schema: {
        ...documented(TAG, 'signOut', 'Sign out'),
        security: SESSION_SECURITY,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      await endSession(operations.contextOf(request), memberOf(request))
      sessions.end(reply)
      return await reply.code(204).send(null)
    },
  )

  app.get(
    '/v1/session/others',
    {
      schema: {
        ...documented(TAG, 'listOtherSessions', 'List your other sessions'),
        security: SESSION_SECURITY,
        response: { 200: otherSessions },
      },
    },
    async (request) => {
      const items = await listOthers(operations.contextOf(request), memberOf(request))
      return { items: items.map(sessionItem), next: null }
    },
  )

  app.delete(
    '/v1/session/others',
    {
      schema: {
        ...documented(TAG, 'endOtherSessions', 'End all your other sessions'),
        security: SESSION_SECURITY,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      await endOtherSessions(operations.contextOf(request), memberOf(request))
      return await reply.code(204).send(null)
    },
  )

  app.delete(
    '/v1/session/others/:session',
    {
      schema: {
        ...documented(TAG, 'endOtherSession', 'End one of your other sessions'),
        security: SESSION_SECURITY,
        params: pathParameters('/v1/session/others/:session'),
        response: { 204: done },
      },
    },
    async (request, reply) => {
      await endOtherSession(operations.contextOf(request), memberOf(request), request.params.session)
      return await reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/session/step-up',
    {
      schema: {
        ...documented(TAG, 'stepUp', 'Confirm that it is you'),
        security: SESSION_SECURITY,
        body: stepUpRequest,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      const { body } = request
      if ('code' in body) {
        sessions.begin(reply, await attemptCode(api, request, body.code, verifySecondFactor))
        return await reply.code(204).send(null)
      }
      const member = memberOf(request)
      const context = operations.contextOf(request)
      const confirmed =
        'passkey' in body
          ? await limits.attempt({ address: request.ip }, async () => {
              const answer = passkeyAnswerOf(body.passkey)
              return requireProved(request, await stepUpWithPasskey(context, member, answer))
            })
          : await limits.attempt(
              // Only whoever has a session of the person can use this up.
              { account: `confirm ${member.person.id}`, address: request.ip, isInSession: true },
              async () => await stepUpWithPassword(context, member, body.password),
            )
      sessions.begin(reply, confirmed)
      return await reply.code(204).send(null)
    },
  )
}

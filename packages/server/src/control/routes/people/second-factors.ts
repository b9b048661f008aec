import { beginAuthenticator } from '../../../app/second-factors/begin-authenticator.ts'
import { confirmAuthenticator } from '../../../app/second-factors/confirm-authenticator.ts'
import { secondFactorOf } from '../../../app/second-factors/reading.ts'
import { replaceRecoveryCodes } from '../../../app/second-factors/recovery-codes.ts'
import { removeSecondFactor } from '../../../app/second-factors/remove-second-factor.ts'
import { sendSecondFactor } from '../../../app/sessions/verify-second-factor.ts'
import { authenticatorBegun, recoveryCodes, secondFactor } from '../../../contract/people/second-factors.ts'
import { codeRequest } from '../../../contract/people/sessions.ts'
import { done, nothing } from '../../../contract/fields/nothing.ts'
import { timestampAnswer } from '../../answers/timestamp.ts'
import { documented, SESSION_SECURITY } from '../../routing/route-schema.ts'
import { attemptCode } from '../../sessions/attempt-code.ts'
import type { PeopleApi } from '../../sessions/people-api.ts'
import { memberOf } from '../../sessions/require-session.ts'

const TAG = 'Second factor'
const own = '/v1/person/second-factor'

/** The second factor of the person who is signed in. */
export function secondFactorRoutes(api: PeopleApi): void {
  const { app, operations, sessions } = api

  app.get(
    own,
    {
      schema: {
        ...documented(TAG, 'getSecondFactor', 'Describe your second factor'),
        security: SESSION_SECURITY,
        response: { 200: secondFactor },
      },
    },
    async (request) => {
      const facts = await secondFactorOf(operations.contextOf(request), memberOf(request))
      const { confirmedAtMs, recoveryCodesLeft } = facts
      return {
        authenticator: confirmedAtMs === null ? null : { confirmedAt: timestampAnswer(confirmedAtMs) },
        recoveryCodesLeft,
      }
    },
  )

  app.post(
    own,
    {
      schema: {
        ...documented(TAG, 'beginSecondFactor', 'Begin to add an authenticator app'),
        security: SESSION_SECURITY,
        body: nothing,
        response: { 201: authenticatorBegun },
      },
    },
    async (request, reply) => {
      const begun = await beginAuthenticator(operations.contextOf(request), memberOf(request))
      return await reply.code(201).send(begun)
    },
  )

  app.post(
    `${own}/confirm`,
    {
      schema: {
        ...documented(TAG, 'confirmSecondFactor', 'Verify the first code of an authenticator app'),
        security: SESSION_SECURITY,
        body: codeRequest,
        response: { 200: recoveryCodes },
      },
    },
    async (request, reply) => {
      const { code } = request.body
      const confirmed = await attemptCode(api, request, code, confirmAuthenticator)
      sessions.begin(reply, confirmed)
      return { recoveryCodes: [...confirmed.recoveryCodes] }
    },
  )

  app.post(
    `${own}/recovery-codes`,
    {
      schema: {
        ...documented(TAG, 'replaceRecoveryCodes', 'Replace your recovery codes'),
        security: SESSION_SECURITY,
        body: nothing,
        response: { 200: recoveryCodes },
      },
    },
    async (request) => {
      const codes = await replaceRecoveryCodes(operations.contextOf(request), memberOf(request))
      return { recoveryCodes: [...codes] }
    },
  )

  app.delete(
    own,
    {
      schema: {
        ...documented(TAG, 'removeSecondFactor', 'Remove your second factor'),
        security: SESSION_SECURITY,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      await removeSecondFactor(operations.contextOf(request), memberOf(request))
      return await reply.code(204).send(null)
    },
  )

  app.post(
    '/v1/session/second-factor',
    {
      config: { admitsPending: true },
      schema: {
        ...documented(TAG, 'verifySecondFactor', 'Send the second factor that a session lacks'),
        security: SESSION_SECURITY,
        body: codeRequest,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      const { token } = await attemptCode(api, request, request.body.code, sendSecondFactor)
      sessions.welcome(request, reply, { person: memberOf(request).person, token })
      return await reply.code(204).send(null)
    },
  )
}

import { normalizeEmail } from '@sallyport/core'
import { VISITOR } from '../../../app/access/actor.ts'
import { changePassword } from '../../../app/passwords/change-password.ts'
import { createResetLink } from '../../../app/passwords/create-reset-link.ts'
import { resetPassword } from '../../../app/passwords/reset-password.ts'
import { done } from '../../../contract/fields/nothing.ts'
import {
  passwordChange,
  passwordReset,
  resetLink,
  resetRequest,
  resetRequestAnswer,
} from '../../../contract/people/passwords.ts'
import { timestampAnswer } from '../../answers/timestamp.ts'
import type { ControlApi } from '../../routing/resource-routes.ts'
import { pathParameters } from '../../routing/path-parameters.ts'
import { documented, documentedCreation, SESSION_SECURITY } from '../../routing/route-schema.ts'
import type { PeopleApi } from '../../sessions/people-api.ts'
import { memberOf } from '../../sessions/require-session.ts'
import { ResetRequests } from '../../sessions/reset-requests.ts'

const TAG = 'Passwords'

const MAILED = 'If this address has an account, a mail with a link is on its way. The link works for an hour.'
const NO_MAILS =
  'This installation sends no mails. Ask an owner of your organization for a link to set a new password.'

/** A forgotten password; these routes need no credential but the link. */
export function forgottenPasswordRoutes({ app, operations, deps, limits }: PeopleApi): void {
  const requests = new ResetRequests(deps)
  app.addHook('onClose', async () => await requests.done())

  app.post(
    '/v1/auth/reset-requests',
    {
      schema: {
        ...documented(TAG, 'requestPasswordReset', 'Ask for a link to set a new password'),
        security: [],
        body: resetRequest,
        response: { 202: resetRequestAnswer },
      },
    },
    async (request, reply) => {
      const account = normalizeEmail(request.body.email)
      await limits.request({ account, address: request.ip })
      requests.add(account, request.ip)
      return await reply.code(202).send({ detail: deps.mails === null ? NO_MAILS : MAILED })
    },
  )

  app.post(
    '/v1/auth/reset',
    {
      schema: {
        ...documented(TAG, 'resetPassword', 'Set a new password with a link'),
        security: [],
        body: passwordReset,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      request.actor = VISITOR
      const account = await limits.attempt(
        { address: request.ip },
        async () => await resetPassword(operations.contextOf(request), request.body),
      )
      limits.forget(account)
      return await reply.code(204).send(null)
    },
  )
}

/** The password of the person who is signed in. */
export function ownPasswordRoutes({ app, operations, limits, sessions }: PeopleApi): void {
  app.put(
    '/v1/person/password',
    {
      schema: {
        ...documented(TAG, 'changePassword', 'Change your password'),
        security: SESSION_SECURITY,
        body: passwordChange,
        response: { 204: done },
      },
    },
    async (request, reply) => {
      const member = memberOf(request)
      const opened = await limits.attempt(
        // Only whoever has a session of the person can use this up.
        { account: `confirm ${member.person.id}`, address: request.ip, isInSession: true },
        async () => await changePassword(operations.contextOf(request), member, request.body),
      )
      sessions.begin(reply, opened)
      return await reply.code(204).send(null)
    },
  )
}

const links = '/v1/organizations/:organization/members/:member/reset-links'

/** Links that owners hand over. */
export function resetLinkRoutes({ app, operations }: ControlApi): void {
  app.post(
    links,
    {
      config: { access: { permission: 'members.write', on: 'member' } },
      schema: {
        ...documentedCreation(TAG, 'createResetLink', 'Create a link for a member to set a new password'),
        params: pathParameters(links),
        response: { 201: resetLink },
      },
    },
    async (request, reply) => {
      const { result } = await operations.create(
        request,
        reply,
        async (context) => await createResetLink(context, request.params),
      )
      const { link, token, expiresAtMs } = result
      return { link, token, expiresAt: timestampAnswer(expiresAtMs) }
    },
  )
}

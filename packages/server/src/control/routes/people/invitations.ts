import { VISITOR } from '../../../app/access/actor.ts'
import { acceptInvitation } from '../../../app/invitations/accept-invitation.ts'
import { createInvitation, invitationLink } from '../../../app/invitations/create-invitation.ts'
import { listInvitations } from '../../../app/invitations/reading.ts'
import { withdrawInvitation } from '../../../app/invitations/withdraw-invitation.ts'
import {
  invitation,
  invitationAcceptance,
  invitationAccepted,
  invitationCreated,
  invitationCreation,
} from '../../../contract/people/invitations.ts'
import type { InvitationRow } from '../../../store/port/people/invitations.ts'
import { signedInMemberAnswer } from '../../answers/signed-in-member-answer.ts'
import { timestampAnswer } from '../../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'
import { documented } from '../../routing/route-schema.ts'
import { clientOf } from '../../sessions/client.ts'
import type { PeopleApi } from '../../sessions/people-api.ts'

const TAG = 'Members'
const all = '/v1/organizations/:organization/invitations'

function invitationAnswer({ id, email, roles, expiresAtMs, createdAtMs, createdBy }: InvitationRow) {
  return {
    id,
    email,
    roles: [...roles],
    expiresAt: timestampAnswer(expiresAtMs),
    createdAt: timestampAnswer(createdAtMs),
    createdBy,
  }
}

export function invitationRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, TAG)

  routes.list(
    { path: all, operationId: 'listInvitations', summary: 'List the open invitations', item: invitation },
    listInvitations,
    invitationAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createInvitation',
      access: { permission: 'members.write' },
      summary: 'Invite a person',
      body: invitationCreation,
      answer: invitationCreated,
    },
    createInvitation,
    ({ result }) => ({
      ...invitationAnswer(result.invitation),
      link: invitationLink(api.deps.publicUrl(), result.token),
      token: result.token,
    }),
  )

  routes.remove(
    {
      path: `${all}/:invitation` as const,
      operationId: 'withdrawInvitation',
      access: { permission: 'members.write', on: 'invitation' },
      summary: 'Withdraw an invitation',
    },
    withdrawInvitation,
  )
}

/** Accepting an invitation, for people who are signed in and for people without an account. */
export function acceptanceOfInvitationRoutes({ app, operations, sessions, limits }: PeopleApi): void {
  app.post(
    '/v1/invitations/accept',
    {
      schema: {
        ...documented(TAG, 'acceptInvitation', 'Accept an invitation'),
        security: [],
        body: invitationAcceptance,
        response: { 200: invitationAccepted },
      },
    },
    async (request, reply) => {
      const { token, name, password } = request.body
      const member = await sessions.authenticateIfAny(request)
      request.actor = member ?? VISITOR
      const accepted = await limits.attempt(
        { address: request.ip },
        async () =>
          await acceptInvitation(operations.contextOf(request), member, {
            token,
            name,
            password,
            client: clientOf(request),
          }),
      )
      const { organization, person, roles, opened } = accepted
      if (opened !== undefined) sessions.welcome(request, reply, { ...opened, person })
      return {
        organization: { slug: organization.slug, name: organization.name },
        member: signedInMemberAnswer(person),
        roles: [...roles],
      }
    },
  )
}

import { getMember, listMembers } from '../../../app/members/reading.ts'
import { removeMember } from '../../../app/members/remove-member.ts'
import { updateMember } from '../../../app/members/update-member.ts'
import { member, memberChange, memberChanged } from '../../../contract/people/members.ts'
import type { NamedMemberRow } from '../../../store/port/people/members.ts'
import { timestampAnswer } from '../../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'

const all = '/v1/organizations/:organization/members'
const one = `${all}/:member` as const

function memberAnswer({ id, email, name, roles, createdAtMs, createdBy }: NamedMemberRow) {
  return { id, email, name, roles: [...roles], createdAt: timestampAnswer(createdAtMs), createdBy }
}

export function memberRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Members')

  routes.list(
    { path: all, operationId: 'listMembers', summary: 'List the members', item: member },
    listMembers,
    memberAnswer,
  )

  routes.read(
    { path: one, operationId: 'getMember', summary: 'Read a member', answer: member },
    getMember,
    memberAnswer,
  )

  routes.change(
    {
      path: one,
      operationId: 'updateMember',
      access: { permission: 'members.write', on: 'member' },
      summary: 'Replace the roles of a member',
      body: memberChange,
      answer: memberChanged,
    },
    updateMember,
    (result) => ({ member: memberAnswer(result.member) }),
  )

  routes.remove(
    {
      path: one,
      operationId: 'removeMember',
      access: { permission: 'members.write', on: 'member', orSelf: true },
      summary: 'Remove a member, or leave',
    },
    removeMember,
  )
}

import type { ResourceTexts } from '../operation-text.ts'

const TAG = {
  name: 'Members',
  description: 'A member is a person in an organization, with roles. People become members by invitation.',
}

export const MEMBERS: ResourceTexts = {
  tag: TAG,
  parameters: { member: 'The id of the person.', invitation: 'The id of the invitation.' },
  operations: {
    createInvitation: {
      description:
        'Invites a person by e-mail address. The `link` opens once, within 7 days, for this address only. You can only give roles whose permissions you have yourself, and the invitation works only as long as you have them.',
      permissions: ['members.write'],
      example: {
        body: { email: 'new@example.com', roles: ['developer'] },
        saves: { INVITATION_TOKEN: '.token' },
      },
    },
    listInvitations: {
      description:
        'Lists the invitations that were neither accepted nor withdrawn, oldest first. One that has expired is listed for 30 more days.',
      permissions: ['members.read'],
      example: { saves: { INVITATION_ID: '.items[0].id' }, after: ['createInvitation'] },
    },
    listMembers: {
      description: 'Lists the members, oldest first.',
      permissions: ['members.read'],
      example: { saves: { MEMBER_ID: '.items[1].id' }, after: ['acceptInvitation'] },
    },
    getMember: {
      description: 'Answers with a member.',
      permissions: ['members.read'],
      example: { path: { member: '$MEMBER_ID' } },
    },
    updateMember: {
      description:
        'Replaces the roles of a member, which counts from the next request in every session. You need every permission that the member had and gets. The last owner must stay an owner: 409 `conflict`. A person who takes the role `owner` from a member must confirm first: 403 `step_up_required`.',
      permissions: ['members.write'],
      example: { path: { member: '$MEMBER_ID' }, body: { roles: ['auditor'] } },
    },
    removeMember: {
      description:
        'Removes a member, whose next request to the organization is refused, in open sessions too. Everybody may leave; to remove another member you need every permission that the member has. The last owner stays: 409 `conflict`. A person who removes an owner must confirm first: 403 `step_up_required`.',
      permissions: ['members.write'],
      example: {
        path: { member: '$MEMBER_ID' },
        after: ['getMember', 'updateMember', 'getRole', 'resetPassword'],
      },
    },
    withdrawInvitation: {
      description: 'Withdraws an invitation, whose link then no longer works.',
      permissions: ['members.write'],
      example: { path: { invitation: '$INVITATION_ID' }, after: ['listInvitations', 'acceptInvitation'] },
    },
  },
}

export const INVITATIONS: ResourceTexts = {
  tag: TAG,
  operations: {
    acceptInvitation: {
      description:
        'Makes the person who is signed in a member. A person without an account sends a name and a password, gets an account for the address of the invitation, and is signed in. An invitation that was accepted or withdrawn, has expired, or whose sender may no longer give its roles, gets 410 `link_invalid`.',
      permissions: [],
      example: {
        body: {
          token: '$INVITATION_TOKEN',
          name: 'Nora New',
          password: 'another horse battery staple',
        },
        after: ['listInvitations'],
      },
    },
  },
}

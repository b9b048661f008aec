import type { ResourceTexts } from '../operation-text.ts'

const TAG = {
  name: 'Passwords',
  description:
    'People who forgot their password set a new one with a link: from a mail if the installation sends mails, or from an owner of their organization.',
}

export const FORGOTTEN_PASSWORDS: ResourceTexts = {
  tag: TAG,
  operations: {
    requestPasswordReset: {
      description:
        'Sends a mail with a link that works once, for an hour. The answer is the same for an unknown address. Without mails, `detail` says to ask an owner. Too many requests get 429 `rate_limited`.',
      permissions: [],
      example: { body: { email: 'owner@example.com' } },
    },
    resetPassword: {
      description:
        'Sets a new password with a link. All sessions and other links of the person end; it does not sign the person in, and second factors stay. A link that was used, replaced or has expired gets 410 `link_invalid`; so does a link from an owner who may by now do less than the person. The old password, or the e-mail address, gets 400 `invalid_request`, and the link goes on working.',
      permissions: [],
      example: {
        body: { token: '$RESET_TOKEN', password: 'battery horse staple correct' },
      },
    },
  },
}

export const OWN_PASSWORD: ResourceTexts = {
  tag: TAG,
  operations: {
    changePassword: {
      description:
        'Changes the password of the person who is signed in. All other sessions of the person and all links to set a password end; this session gets a new cookie. A wrong `current` gets 401 `sign_in_failed`; the same password, or the e-mail address, 400 `invalid_request`.',
      permissions: [],
      example: {
        body: { current: 'correct horse battery staple', password: 'correct staple horse battery' },
        keepsCookies: true,
        after: ['stepUp', 'signInWithPasskey'],
      },
    },
  },
}

export const RESET_LINKS: ResourceTexts = {
  tag: TAG,
  parameters: { member: 'The id of the person.' },
  operations: {
    createResetLink: {
      description:
        'Creates a link, for you to hand over, with which a member sets a new password within 24 hours. It replaces earlier links, and the person is told by mail. A link would let you act as the person, so you need all rights of the person, in every organization of the person: otherwise 403 `permission_missing`. A signed-in person confirms with `POST /v1/session/step-up` first.',
      permissions: ['members.write'],
      example: { path: { member: '$MEMBER_ID' }, after: ['updateMember'], saves: { RESET_TOKEN: '.token' } },
    },
  },
}

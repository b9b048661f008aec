import type { ResourceTexts } from '../operation-text.ts'

const TAG = {
  name: 'Sessions',
  description:
    'People sign in with a session, which is a cookie. Where a key can act, a person with the same roles can too.',
}

export const SIGN_IN: ResourceTexts = {
  tag: TAG,
  operations: {
    signIn: {
      description:
        'Signs a person in and answers with the cookie of a session. A wrong password and an unknown address get the same 401 `sign_in_failed`. A person with a second factor who sends no `code` gets 401 `second_factor_required`. Too many failures get 429 `rate_limited`.',
      permissions: [],
      example: {
        body: { email: 'owner@example.com', password: 'correct horse battery staple' },
        keepsCookies: true,
        after: ['setUp'],
      },
    },
  },
}

export const SESSIONS: ResourceTexts = {
  tag: TAG,
  parameters: { session: 'The id of the session.' },
  operations: {
    getSession: {
      description:
        'Answers with the person who is signed in, their organizations, and when the session ends. A session ends 12 hours after its last use, and 14 days after the sign-in at the latest.',
      permissions: [],
      example: { after: ['signIn'] },
    },
    stepUp: {
      description:
        'Confirms that it is still you. For 5 minutes the session may then do what cannot be undone, which otherwise gets 403 `step_up_required`. The session gets a new cookie.',
      permissions: [],
      example: { body: { password: 'correct horse battery staple' }, keepsCookies: true, after: ['signIn'] },
    },
    listOtherSessions: {
      description: 'Lists the other sessions of the person who is signed in.',
      permissions: [],
      example: { saves: { SESSION_ID: '.items[0].id' }, after: ['signIn'] },
    },
    endOtherSession: {
      description:
        'Ends another session of the person who is signed in. It is refused from its next request on. The session of this request ends with `DELETE /v1/session`.',
      permissions: [],
      example: { path: { session: '$SESSION_ID' }, after: ['listOtherSessions'] },
    },
    endOtherSessions: {
      description: 'Ends all sessions of the person who is signed in, except that of this request.',
      permissions: [],
      example: { after: ['endOtherSession'] },
    },
    signOut: {
      description: 'Ends the session of this request and removes its cookie.',
      permissions: [],
      example: {
        after: [
          'getSession',
          'stepUp',
          'changePassword',
          'endOtherSession',
          'endOtherSessions',
          'removeSecondFactor',
        ],
      },
    },
  },
}

import type { ResourceTexts } from '../operation-text.ts'

export const SECOND_FACTORS: ResourceTexts = {
  tag: {
    name: 'Second factor',
    description:
      'A person can add an authenticator app (TOTP, RFC 6238) as a second factor. Every sign-in then needs one of its codes or a recovery code.',
  },
  operations: {
    getSecondFactor: {
      description:
        'Answers with your authenticator app, if you have one, and how many recovery codes are left.',
      permissions: [],
      example: { after: ['signIn'] },
    },
    beginSecondFactor: {
      description:
        'Makes the secret of an authenticator app, which has no effect until `POST /v1/person/second-factor/confirm` has verified its first code. It replaces a secret that was not confirmed. If you have an authenticator app, the answer is 409. You must have confirmed within 5 minutes that it is you, or the answer is 403 `step_up_required`.',
      permissions: [],
      example: {
        body: {},
        saves: { TOTP_SECRET: '.secret' },
        after: ['signIn', 'getSecondFactor', 'stepUp'],
      },
    },
    confirmSecondFactor: {
      description:
        'Verifies the first code of the authenticator app, and answers with ten recovery codes, which are shown only once. The session gets a new cookie and counts as verified; all your other sessions end. A wrong code gets 401 `sign_in_failed`.',
      permissions: [],
      example: {
        body: { code: '$TOTP_CODE' },
        saves: { RECOVERY_CODE: '.recoveryCodes[0]' },
        keepsCookies: true,
        after: ['beginSecondFactor', 'endOtherSession', 'endOtherSessions'],
      },
    },
    verifySecondFactor: {
      description:
        'Verifies the second factor in a session that lacks it, such as one from a provider. Until then the session may only do this, `GET /v1/session` and `DELETE /v1/session`. The session gets a new cookie. A wrong or used code gets 401 `sign_in_failed`; after too many, 429 `rate_limited`.',
      permissions: [],
      example: {
        body: { code: '$RECOVERY_CODE' },
        keepsCookies: true,
        after: ['confirmSecondFactor'],
      },
    },
    replaceRecoveryCodes: {
      description:
        'Answers with ten new recovery codes, which are shown only once; the old ones no longer work. You must have verified a code in `POST /v1/session/step-up` within 5 minutes. The password is not enough: the answer is 403 `step_up_required`.',
      permissions: [],
      example: { body: {}, after: ['verifySecondFactor'] },
    },
    removeSecondFactor: {
      description:
        'Removes your authenticator app and your recovery codes. You must have verified a code in `POST /v1/session/step-up` within 5 minutes. The password is not enough: the answer is 403 `step_up_required`.',
      permissions: [],
      example: { after: ['replaceRecoveryCodes'] },
    },
  },
}

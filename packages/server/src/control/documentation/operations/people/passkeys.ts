import type { ExampleValue, ResourceTexts } from '../operation-text.ts'

const TAG = {
  name: 'Passkeys',
  description:
    'A person can sign in and confirm with passkeys (WebAuthn Level 3). A passkey must verify its user, so it counts as both factors. Passkeys need a domain: set `SALLYPORT_PUBLIC_URL`.',
}

const credential = { id: '$CREDENTIAL_ID', rawId: '$CREDENTIAL_ID', type: 'public-key' }

/** What an authenticator signs; the variables are what the browser made of the options. */
const proof: Readonly<Record<string, ExampleValue>> = {
  ticket: '$PASSKEY_PROOF_TICKET',
  response: {
    ...credential,
    response: {
      clientDataJSON: '$CLIENT_DATA',
      authenticatorData: '$AUTHENTICATOR_DATA',
      signature: '$SIGNATURE',
      userHandle: '$USER_HANDLE',
    },
  },
}

export const PASSKEYS: ResourceTexts = {
  tag: TAG,
  parameters: { passkey: 'The id of the passkey.' },
  operations: {
    beginPasskey: {
      description:
        'Answers with options for `navigator.credentials.create`, which makes a passkey, and with a ticket. Send both results to `POST /v1/person/passkeys` in the same session, within 5 minutes; an earlier ticket no longer works. You must have confirmed within 5 minutes that it is you, or the answer is 403 `step_up_required`.',
      permissions: [],
      example: {
        body: {},
        saves: {
          PASSKEY_TICKET: '.ticket',
          CHALLENGE: '.options.challenge',
          USER_HANDLE: '.options.user.id',
        },
        after: ['signIn', 'stepUp'],
      },
    },
    addPasskey: {
      description:
        'Adds the passkey that a browser made. Your authenticator must have verified you, with a PIN or biometrics; a refused response gets 400 `invalid_request`, and can be sent again. A person has at most 20 passkeys.',
      permissions: [],
      example: {
        body: {
          ticket: '$PASSKEY_TICKET',
          name: 'Laptop',
          response: {
            ...credential,
            response: { clientDataJSON: '$CLIENT_DATA', attestationObject: '$ATTESTATION_OBJECT' },
          },
        },
        saves: { PASSKEY_ID: '.id' },
        after: ['beginPasskey'],
      },
    },
    listPasskeys: {
      description: 'Lists the passkeys of the person who is signed in.',
      permissions: [],
      example: { after: ['addPasskey'] },
    },
    renamePasskey: {
      description: 'Gives one of your passkeys another name.',
      permissions: [],
      example: { path: { passkey: '$PASSKEY_ID' }, body: { name: 'Old laptop' } },
    },
    beginPasskeyStepUp: {
      description:
        'Answers with options for `navigator.credentials.get` with your passkeys, and with a ticket for `POST /v1/session/step-up`. An earlier ticket no longer works. Without a passkey the answer is 409.',
      permissions: [],
      example: { body: {}, after: ['addPasskey'] },
    },
    removePasskey: {
      description:
        'Removes one of your passkeys, which no longer signs in, and ends the sessions that it opened, also that of the request, unless a password or another passkey has confirmed them since. If it is your only way to sign in, the answer is 409. You must have confirmed within 5 minutes that it is you, or the answer is 403 `step_up_required`.',
      permissions: [],
      example: {
        path: { passkey: '$PASSKEY_ID' },
        after: ['changePassword', 'listPasskeys', 'renamePasskey'],
      },
    },
  },
}

export const PASSKEY_SIGN_IN: ResourceTexts = {
  tag: TAG,
  operations: {
    beginPasskeySignIn: {
      description:
        'Answers with options for `navigator.credentials.get`, which lets the person choose a passkey, and with a ticket. Send both results to `POST /v1/auth/passkeys/sign-in` within 5 minutes. Who begins too many sign-ins gets 429 `rate_limited`.',
      permissions: [],
      example: {
        body: {},
        saves: { PASSKEY_PROOF_TICKET: '.ticket', CHALLENGE: '.options.challenge' },
        after: ['addPasskey', 'beginPasskeyStepUp'],
      },
    },
    signInWithPasskey: {
      description:
        'Signs in the person whose passkey signed, and answers with the cookie of a session, which needs no other factor. Every refusal is the same 401 `sign_in_failed`. The authenticator must have verified its user, the signature must be valid for this server, and the counter must not go back.',
      permissions: [],
      example: { body: proof, keepsCookies: true, after: ['beginPasskeySignIn'] },
    },
  },
}

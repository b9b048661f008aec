import {
  base64urlChars,
  PASSKEY_BYTES,
  PASSKEY_TRANSPORT,
  PASSKEY_TRANSPORTS_MAX,
  type PasskeyBytes,
  parsePasskeyBytes,
} from '@sallyport/core'
import { z } from 'zod'
import { createdAt } from '../fields/creation.ts'
import { title } from '../fields/names.ts'
import { documentedString, parsed } from '../fields/parsed.ts'
import { timestamp } from '../fields/timestamp.ts'

/** A binary member of an authenticator's response. */
function bytes(member: PasskeyBytes) {
  const { max } = PASSKEY_BYTES[member]
  return parsed(
    // The pattern is not documented: shell variables stand for these members in the examples.
    documentedString({ maxLength: base64urlChars(max) }),
    (text) => parsePasskeyBytes(member, text),
  )
}

const ticket = z
  .string()
  .min(1)
  .max(64)
  .describe('The `ticket` of the answer with the options. It works once.')

const credential = {
  id: bytes('credentialId').describe('The id of the credential in base64url.'),
  rawId: bytes('credentialId').describe('The same as `id`.'),
  type: z.literal('public-key').describe('The type of the credential.'),
}
const clientDataJSON = bytes('clientDataJSON').describe('What the browser says about the ceremony.')

// Browsers send what `toJSON()` returns, which has more members than these, and gets others in the future.
const registrationResponse = z
  .object({
    ...credential,
    response: z
      .object({
        clientDataJSON,
        attestationObject: bytes('attestationObject').describe('The new credential.'),
        transports: z
          .array(z.string().regex(PASSKEY_TRANSPORT))
          .max(PASSKEY_TRANSPORTS_MAX)
          .optional()
          .describe('How browsers reach the authenticator.'),
      })
      .describe('What the authenticator made.'),
  })
  .describe(
    'What `toJSON()` of the credential returns that `navigator.credentials.create` made. Other members of it are not read.',
  )

const assertionResponse = z
  .object({
    ...credential,
    response: z
      .object({
        clientDataJSON,
        authenticatorData: bytes('authenticatorData').describe('What the authenticator says about its user.'),
        signature: bytes('signature').describe('The signature of the authenticator.'),
        userHandle: bytes('userHandle').nullish().describe('Who signs in; needed unless a session says it.'),
      })
      .describe('What the authenticator signed.'),
  })
  .describe(
    'What `toJSON()` of the credential returns that `navigator.credentials.get` found. Other members of it are not read.',
  )

/** The proof that a person has a passkey. */
export const passkeyProof = z.strictObject({ ticket, response: assertionResponse })

export const passkeyCreation = z.strictObject({
  ticket,
  response: registrationResponse,
  name: title.describe('Your name for the passkey, such as the name of the device.'),
})

export const passkeyChange = z.strictObject({ name: title.describe('Your name for the passkey.') })

export const passkey = z.object({
  id: z.string().describe('The id of the passkey.'),
  name: z.string().describe('The name that the person gave it.'),
  synced: z.boolean().describe('Whether the passkey can be on several devices.'),
  createdAt,
  lastUsedAt: timestamp.nullable().describe('When it last signed in or confirmed; null for never.'),
})

export const passkeys = z.object({
  items: z.array(passkey).describe('The passkeys of the person, oldest first.'),
  next: z.null().describe('Always null: all are in this answer.'),
})

const begun = {
  ticket: z
    .string()
    .describe('Send it back with the response of the authenticator, within 5 minutes. It works once.'),
}
const challenge = z.string().describe('What the authenticator signs, in base64url.')
const timeout = z.number().optional().describe('How long the person has, in ms.')

export const registrationBegun = z.object({
  ...begun,
  options: z
    .looseObject({ challenge, timeout })
    .describe(
      'For `PublicKeyCredential.parseCreationOptionsFromJSON`, then `navigator.credentials.create` (WebAuthn Level 3).',
    ),
})

export const assertionBegun = z.object({
  ...begun,
  options: z
    .looseObject({ challenge, timeout })
    .describe(
      'For `PublicKeyCredential.parseRequestOptionsFromJSON`, then `navigator.credentials.get` (WebAuthn Level 3).',
    ),
})

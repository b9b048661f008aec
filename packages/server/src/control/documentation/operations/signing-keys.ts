import type { ResourceTexts } from './operation-text.ts'

export const SIGNING_KEYS: ResourceTexts = {
  tag: {
    name: 'Tokens',
    description:
      'Signing keys mint the JWTs of an environment, and trusted issuers extend it to JWTs of others.',
  },
  parameters: { signingKey: 'The id of the signing key, which is the `kid` of its JWTs.' },
  operations: {
    listSigningKeys: {
      description:
        'Lists the keys that sign or verify the JWTs of an environment, the one that signs first. Private keys never leave the server.',
      permissions: ['signing-keys.read'],
      example: {},
    },
    rotateSigningKey: {
      description:
        'Creates the key that signs the JWTs of the environment from now on. The previous key goes on verifying for `overlapSeconds`, by default until the tokens that it signed have expired. Set it to 0 to invalidate them at once.',
      permissions: ['signing-keys.write'],
      example: {
        body: { algorithm: 'ES256', overlapSeconds: 3600 },
        saves: { SIGNING_KEY_ID: '.retired[0].id' },
      },
    },
    removeSigningKey: {
      description:
        'Removes a key that no longer signs, and invalidates every token that it signed. The key that signs gets 409 `conflict`: rotate it with `overlapSeconds` 0 instead.',
      permissions: ['signing-keys.write'],
      example: { path: { signingKey: '$SIGNING_KEY_ID' } },
    },
  },
}

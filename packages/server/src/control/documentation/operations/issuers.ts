import type { ResourceTexts } from './operation-text.ts'

const path = { issuer: '$ISSUER_ID' }

export const ISSUERS: ResourceTexts = {
  tag: {
    name: 'Tokens',
    description:
      'Signing keys mint the JWTs of an environment, and trusted issuers extend it to JWTs of others.',
  },
  parameters: { issuer: 'The id of the trusted issuer, not its `iss`.' },
  operations: {
    listIssuers: {
      description: 'Lists the issuers whose JWTs the environment accepts.',
      permissions: ['signing-keys.read'],
      example: { after: ['createIssuer'] },
    },
    createIssuer: {
      description:
        'Makes the environment accept the JWTs of an issuer. Give either `jwksUrl`, where the issuer publishes its keys, or the keys themselves as `jwks`. A token must contain one of the values of `audience`. An issuer that the environment trusts already gets 409 `conflict`.',
      permissions: ['signing-keys.write'],
      example: {
        body: {
          issuer: 'https://login.example.com',
          audience: ['orders'],
          jwks: {
            keys: [
              {
                kty: 'OKP',
                crv: 'Ed25519',
                alg: 'EdDSA',
                kid: '2026-01',
                x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
              },
            ],
          },
        },
        saves: { ISSUER_ID: '.id' },
      },
    },
    getIssuer: {
      description: 'Answers with one trusted issuer and its public keys, if they were given as `jwks`.',
      permissions: ['signing-keys.read'],
      example: { path },
    },
    removeIssuer: {
      description:
        'Makes the environment reject the JWTs of an issuer. They stop working as soon as the receipt is confirmed.',
      permissions: ['signing-keys.write'],
      example: { path, after: ['listIssuers', 'getIssuer'] },
    },
  },
}

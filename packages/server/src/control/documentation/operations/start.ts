import type { ResourceTexts } from './operation-text.ts'

export const START: ResourceTexts = {
  tag: { name: 'Start', description: 'Create the first organization and check which key you use.' },
  operations: {
    getSetup: {
      description:
        'Answers whether an organization exists. It needs no key. Until then, `POST /v1/setup` creates the first one.',
      permissions: [],
      example: {},
    },
    setUp: {
      description:
        'Creates the first organization, its owner key `Owner`, whose `token` is shown only once, and the public key `Default API Key`. With `owner` it also creates a person who signs in and owns the organization. Instead of a key, send the set-up token: the setting `SALLYPORT_SETUP_TOKEN`, or the token that the server printed when it started. Once there is an organization, the answer is 409 `already_set_up`.',
      permissions: [],
      example: {
        body: {
          setupToken: '$SALLYPORT_SETUP_TOKEN',
          organization: { slug: 'acme', name: 'Acme' },
          owner: {
            email: 'owner@example.com',
            name: 'Olivia Owner',
            password: 'correct horse battery staple',
          },
        },
        saves: { SALLYPORT_TOKEN: '.token' },
      },
    },
    whoami: {
      description:
        'Answers with the organization, the name and the permissions of the key that you send. Any valid key may ask, including a public one. Use it to check a key before you store it.',
      permissions: [],
      example: {},
    },
  },
}

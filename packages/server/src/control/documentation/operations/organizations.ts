import type { ResourceTexts } from './operation-text.ts'

export const ORGANIZATIONS: ResourceTexts = {
  tag: {
    name: 'Organizations',
    description:
      'An organization owns environments, pipelines, consumers and keys, isolated from all others.',
  },
  operations: {
    listOrganizations: {
      description:
        "Lists the key's own organization. An owner key of the first organization gets every organization on the server.",
      permissions: ['organization.read'],
      example: {},
    },
    createOrganization: {
      description:
        'Creates an organization with the environments `test` and `prod`, a project `default`, an owner key `Owner` and a public key `Default API Key`. The `token` of the owner key is shown only once. A signed-in person may do this, who becomes its owner, and an owner key of the first organization. A slug that is taken gets 409 `conflict`; a person who has created as many as one person can, 20 unless the operator sets another number, gets 403 `quota_exceeded`.',
      permissions: ['organization.write'],
      example: {
        body: { slug: 'partner', name: 'Partner Inc.' },
        saves: { PARTNER_KEY_ID: '.key.id' },
      },
    },
    getOrganization: {
      description:
        "Answers with one organization: the key's own, or any other if the key is an owner key of the first organization.",
      permissions: ['organization.read'],
      example: {},
    },
    updateOrganization: {
      description:
        'Changes the display name of an organization, its colour on the portal page of its consumers, what happens when the secret of one of its keys is found in public, and which events its owners get by mail; each owner is told by mail of another choice. Omitted fields keep their values. The slug never changes.',
      permissions: ['organization.write'],
      example: {
        body: {
          name: 'Acme Corporation',
          color: 'blue',
          onLeak: 'switch-off',
          ownerMails: ['key.expiring', 'key.leaked'],
        },
      },
    },
  },
}

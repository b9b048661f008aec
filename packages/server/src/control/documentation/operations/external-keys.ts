import type { ResourceTexts } from './operation-text.ts'

const path = { externalKey: '$EXTERNAL_KEY_ID' }

export const EXTERNAL_KEYS: ResourceTexts = {
  tag: {
    name: 'External keys',
    description:
      "An external key is another organization's key that has roles here. Acceptances are the other side: which organizations have a key of yours, and which may not.",
  },
  parameters: {
    externalKey: 'The id of the external key, not that of its key.',
    key: 'The id of the key.',
    partner: 'The slug of the other organization.',
  },
  operations: {
    listExternalKeys: {
      description: 'Lists the external keys, oldest first.',
      permissions: ['external-keys.read'],
      example: { after: ['addExternalKey'] },
    },
    addExternalKey: {
      description:
        'Gives roles to a key of another organization, by the id that its owner tells you. The key then works here with these roles and nothing else, under the expiry, address rules and rate limits that its owner set, and under your own. You can only give roles whose permissions you have yourself. An unknown id and a key that its owner does not let you add get the same 400 `invalid_request`; a key that you have already gets 409 `conflict`.',
      permissions: ['external-keys.write'],
      example: {
        body: { keyId: '$PARTNER_KEY_ID', label: 'ERP of Partner Inc.', roles: ['invoker'] },
        saves: { EXTERNAL_KEY_ID: '.id' },
      },
    },
    getExternalKey: {
      description:
        'Answers with an external key. `status` is `inactive` while the key does not work here, and `reason` says which side ended that.',
      permissions: ['external-keys.read'],
      example: { path },
    },
    updateExternalKey: {
      description:
        'Changes the fields that you send. `status: "inactive"` makes every gateway refuse the key here until you set it to `active` again. A change that gives the key more needs the permissions that it gives.',
      permissions: ['external-keys.write'],
      example: {
        path,
        query: { wait: '10' },
        body: { rateLimits: [{ requests: 100, per: 'minute' }], addressRules: ['203.0.113.0/24'] },
      },
    },
    removeExternalKey: {
      description:
        'Ends what the key may do here. Gateways refuse it as soon as the receipt is confirmed. In its own organization it stays as it is.',
      permissions: ['external-keys.write'],
      example: {
        path,
        query: { wait: '10' },
        after: ['listExternalKeys', 'getExternalKey', 'updateExternalKey'],
      },
    },
    listAcceptances: {
      description:
        'Lists which organizations have added keys of yours that you may read, by the id of the key and then by the slug of the organization. Deleted keys are left out, as are organizations that you forbid a key and that have not added it: see the acceptances of the key.',
      permissions: ['keys.read'],
      example: {},
    },
    getOrganizationAcceptance: {
      description:
        'Answers whether other organizations may accept keys of yours at all. If not, no rule of a key lets one accept it.',
      permissions: ['keys.read'],
      example: {},
    },
    getAcceptances: {
      description:
        'Answers with the organizations that have added one of your keys, and those that may not accept it.',
      permissions: ['keys.read'],
      example: { path: { key: '$KEY_ID' }, after: ['setPartnerAcceptance'] },
    },
    setKeyAcceptance: {
      description:
        'Forbids with `allowed: false` that any other organization accepts the key. Where it is an external key, it stops working as soon as the receipt is confirmed. With `allowed: true` it works there again, unless another rule forbids it.',
      permissions: ['keys.write'],
      example: { path: { key: '$KEY_ID' }, body: { allowed: false }, after: ['getAcceptances'] },
    },
    setPartnerAcceptance: {
      description:
        'Forbids with `allowed: false` that one other organization accepts the key, whether or not it has added the key. With `allowed: true` it may, unless another rule forbids it.',
      permissions: ['keys.write'],
      example: { path: { key: '$KEY_ID', partner: 'partner' }, body: { allowed: false } },
    },
    setOrganizationAcceptance: {
      description:
        'Forbids with `allowed: false` that other organizations accept any key of yours. Where they are external keys, they stop working as soon as the receipt is confirmed. With `allowed: true` they work there again, unless another rule forbids it. You need what each key has that works again.',
      permissions: ['keys.write'],
      example: { body: { allowed: true } },
    },
  },
}

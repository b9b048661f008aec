import type { ResourceTexts } from './operation-text.ts'

const path = { key: '$KEY_ID' }

export const KEYS: ResourceTexts = {
  tag: { name: 'Keys', description: 'A key authenticates a caller of a pipeline or of this API.' },
  parameters: { key: 'The id of the key.' },
  operations: {
    listKeys: {
      description:
        'Lists the keys that match all filters that you send, in the order of `sort`. `total` counts them, and only those that you may read. A page can have fewer items than `limit`, or none, although another page follows: read on until `next` is null. An answer contains the `token` of a public key only.',
      permissions: ['keys.read'],
      example: {
        query: { environment: 'test', search: 'CI', sort: '-lastUsedAt' },
        after: ['createKey'],
      },
    },
    createKey: {
      description:
        'Creates a key of the organization, or of a consumer if you give its id. The `token` of a secret key is shown only once. You can only give roles whose permissions you have yourself; others get 403 `permission_missing`. With `handOver`, the answer has a link that shows the token once, instead of the token.',
      permissions: ['keys.create'],
      example: {
        body: {
          name: 'CI',
          type: 'secret',
          environment: 'test',
          roles: ['developer'],
          labels: { team: 'payments' },
        },
        saves: { KEY_ID: '.key.id' },
      },
    },
    exportKeys: {
      description:
        'Streams the keys that match all filters that you send and that you may read, oldest first, without secrets, as NDJSON or, with `Accept: text/csv`, as CSV. An export that fails is cut off, and only a complete one in NDJSON ends with a line `{"export": {"keys", "filter"}}`. In CSV, what a spreadsheet could take for a formula has an apostrophe in front. Each export is recorded in the audit log, and one actor can start 120 in an hour, one at a time.',
      permissions: ['keys.read'],
      example: { query: { environment: 'test' }, after: ['createKey'] },
    },
    lookUpKey: {
      description:
        'Tells whose a token is, and whether it works. It also knows the old secrets of a key, and deleted keys. A token that is unknown, of another organization, or of a key that you may not read gets 404 `not_found`. The token is neither kept nor logged.',
      permissions: ['keys.read'],
      example: { body: { token: '$CALLER_TOKEN' }, after: ['createConsumer'] },
    },
    getKey: {
      description:
        'Answers with a key, its state, and the number of requests and the last use of each of its secrets. A deleted key still names its consumer. The answer contains the `token` of a public key only.',
      permissions: ['keys.read'],
      example: { path },
    },
    updateKey: {
      description:
        'Changes the fields that you send. `labels` replaces all labels. `status: "inactive"` makes every gateway reject the key until you set it to `active` again. A deleted key, and a change that leaves the organization without an owner key, get 409 `conflict`.',
      permissions: ['keys.write'],
      example: {
        path,
        query: { wait: '10' },
        body: { name: 'CI of the orders team', rateLimits: [{ requests: 100, per: 'minute' }] },
      },
    },
    deleteKey: {
      description:
        'Deletes a key for good, and withdraws its hand-overs. Gateways reject it as soon as the receipt is confirmed. To delete it again changes nothing and answers with a receipt. The last owner key of the organization gets 409 `conflict`.',
      permissions: ['keys.delete'],
      example: {
        path,
        query: { wait: '10' },
        after: ['listKeys', 'getKey', 'updateKey', 'undoRoll', 'removeRotation'],
      },
    },
    rollKey: {
      description:
        'Creates a new secret for a key. The old secret works for `graceSeconds` more, by default 12 hours, so that you can replace it everywhere; with 0, gateways reject it as soon as the receipt is confirmed. The new `token` is shown only once; with `handOver`, the answer has a link that shows it instead, and the grace begins now. A key with a pending roll gets 409 `roll_pending`, and a key that is not active 409 `key_not_rollable`.',
      permissions: ['keys.roll'],
      example: { path, body: { graceSeconds: 3600 } },
    },
    finishRoll: {
      description:
        'Ends the old secret of a pending roll before its grace is over. Gateways reject it as soon as the receipt is confirmed. Without a pending roll the answer is 409 `conflict`.',
      permissions: ['keys.roll'],
      example: { path, after: ['rollKey'] },
    },
    undoRoll: {
      description:
        'Ends the new secret of a pending roll. The old secret goes on as before. Without a pending roll the answer is 409 `conflict`.',
      permissions: ['keys.roll'],
      example: { path, after: ['rollKey', 'finishRoll'] },
    },
    setRotation: {
      description:
        'Has a key rolled `rotateEveryDays` days after the creation of its newest secret, again and again, and each new token sent to one webhook: as an event `key.rotated` with the `token`, or with `handOver`, with a link that shows it once. The old token works until the new one has arrived, and for 12 hours more; if it does not arrive, the roll is undone. Each roll needs that you may roll the key at that time. A public key, and a key whose new token is being delivered, get 409 `conflict`.',
      permissions: ['keys.roll'],
      example: {
        path,
        body: { rotateEveryDays: 30, webhook: '$ROTATION_WEBHOOK_ID' },
      },
    },
    getRotation: {
      description:
        'Answers with the schedule by which a key rolls, when it rolls next, and what kept it from rolling. A key without one gets 404 `not_found`.',
      permissions: ['keys.read'],
      example: { path, after: ['setRotation'] },
    },
    removeRotation: {
      description:
        'Ends the rolls of a key on a schedule. Its secrets stay. While a new token is being delivered the answer is 409 `conflict`.',
      permissions: ['keys.roll'],
      example: { path, after: ['getRotation'] },
    },
    verify: {
      description:
        "Answers whether a gateway would accept a caller's credentials, with the gateway's own decision. `code` is `valid`, or the code that the caller would get. Send `token`, `jwt` or `basic`, and the call by `environment` with `pipeline` or `path`; `missing` names the parts that the call lacks. Nothing is counted against the key.",
      permissions: ['keys.verify'],
      example: {
        body: { token: '$CALLER_TOKEN', environment: 'prod', pipeline: 'orders', method: 'GET' },
        after: ['promote'],
      },
    },
  },
}

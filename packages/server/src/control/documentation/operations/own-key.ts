import { KEYS } from './keys.ts'
import type { ResourceTexts } from './operation-text.ts'

/** What a key does with itself. */
export const OWN_KEY: ResourceTexts = {
  tag: KEYS.tag,
  operations: {
    rollOwnKey: {
      description:
        'Creates a new secret for the key that calls, as `POST …/keys/{key}/roll` does for any key. So a system replaces its own secret without knowing any other key. The old secret works for `graceSeconds` more, by default 12 hours. The new `token` is shown only once: store it before you finish the roll.',
      permissions: ['keys.roll-self'],
      example: { body: { graceSeconds: 3600 }, saves: { SALLYPORT_TOKEN: '.token' } },
    },
    finishOwnRoll: {
      description:
        'Ends the old secret of the key that calls before its grace is over. Call it with the new token, so that you know that you have it: with the old one, and without a pending roll, the answer is 409 `conflict`.',
      permissions: ['keys.roll-self'],
      example: { after: ['rollOwnKey'] },
    },
    deleteOwnKey: {
      description:
        'Deletes the key that calls for good, for example because its token has leaked. Gateways reject it as soon as the receipt is confirmed. The last owner key of the organization gets 409 `conflict`.',
      permissions: ['keys.roll-self'],
      example: { query: { wait: '10' }, after: ['finishOwnRoll'] },
    },
  },
}

import type { ResourceTexts } from '../operation-text.ts'

const TAG = {
  name: 'Hand-overs',
  description:
    'A hand-over is a link that shows the token of a key once, to the person who opens it. `POST …/keys` and `POST …/keys/{key}/roll` make one if you send `handOver`. The server stores the token encrypted; the key to it is in the link, after `#`, and is not stored.',
}

export const HAND_OVERS: ResourceTexts = {
  tag: TAG,
  parameters: { handOver: 'The id of the hand-over.' },
  operations: {
    listHandOvers: {
      description:
        'Lists the hand-overs, oldest first: those that are pending, and the newest 1000 that were opened, expired or withdrawn. You see those of the keys that you may read. An answer never contains the link.',
      permissions: ['keys.read'],
      example: { saves: { HAND_OVER_ID: '.items[0].id' } },
    },
    getHandOver: {
      description:
        'Answers with a hand-over, without its link: its state, and the address and the browser that opened it.',
      permissions: ['keys.read'],
      example: { path: { handOver: '$HAND_OVER_ID' } },
    },
    withdrawHandOver: {
      description:
        'Withdraws a hand-over: the link no longer shows the token, which is deleted. The key and its secret stay. A hand-over that was opened gets 409 `conflict`; to withdraw one that has ended otherwise changes nothing.',
      permissions: ['keys.write'],
      example: { path: { handOver: '$HAND_OVER_ID' }, after: ['getHandOver', 'openHandOver'] },
    },
  },
}

export const HAND_OVER_LINKS: ResourceTexts = {
  tag: TAG,
  operations: {
    openHandOver: {
      description:
        'Answers once with the encrypted token, which is deleted at the same time; the page of the link decrypts it, which needs the link. An unknown id and a wrong proof both get 410 `link_invalid`, and end nothing. A hand-over that was opened, expired or withdrawn gets it with `state` and `endedAt`. While the key is switched off the answer is 409 `conflict`, and the hand-over stays pending.',
      permissions: [],
      example: {
        body: { id: '$HAND_OVER_ID', proof: '$HAND_OVER_PROOF' },
        after: ['listHandOvers'],
      },
    },
  },
}

import type { ResourceTexts, Tag } from '../operation-text.ts'

const TAG: Tag = {
  name: 'Portal',
  description:
    "In a portal session, a consumer's people see and change the keys of their consumer, without an account. Your system makes a link with `POST …/consumers/{consumer}/portal-sessions` and sends people there. The session never allows more than its issuer may do at that moment.",
}

export const PORTAL_SESSIONS: ResourceTexts = {
  tag: TAG,
  parameters: { portalSession: 'The id of the portal session.' },
  operations: {
    createPortalSession: {
      description:
        'Makes a link that opens a portal session for one consumer, once. You also need the permission of each scope in the environment of the consumer. The session ends after `expiresInSeconds`, with the key that calls, when you lose the permission, and when the consumer is removed. A consumer has at most 100 sessions at a time; another one gets 409 `conflict`.',
      permissions: ['consumers.open-portal'],
      example: {
        path: { consumer: '$CONSUMER_ID' },
        body: {
          scopes: ['keys.read', 'keys.create', 'keys.roll', 'keys.delete', 'usage.read'],
          returnUrl: 'https://shop.example.com/account',
        },
        saves: { PORTAL_SESSION_ID: '.id', PORTAL_LINK: '.link' },
      },
    },
    listPortalSessions: {
      description:
        'Lists the portal sessions, oldest first, until 30 days after their end. You see those of the consumers that you may read. An answer never contains the link.',
      permissions: ['consumers.read'],
      example: { after: ['createPortalSession'] },
    },
    getPortalSession: {
      description:
        'Answers with a portal session, without its link: its state, and from where it was opened.',
      permissions: ['consumers.read'],
      example: { path: { portalSession: '$PORTAL_SESSION_ID' } },
    },
    endPortalSession: {
      description:
        'Ends a portal session at once, or withdraws its link. To end one that has ended changes nothing.',
      permissions: ['consumers.open-portal'],
      example: { path: { portalSession: '$PORTAL_SESSION_ID' }, after: ['getPortalSession', 'leavePortal'] },
    },
  },
}

export const PORTAL_LINKS: ResourceTexts = {
  tag: TAG,
  operations: {
    openPortalSession: {
      description:
        'Opens the portal session of a link, once, and sets its cookie, which only the paths under `/v1/portal` receive. An unknown secret gets 410 `link_invalid`; a link that was opened, has expired or was withdrawn gets it with `state` and `endedAt`. While the consumer is switched off the answer is 409 `conflict`, and the link still works.',
      permissions: [],
      example: { body: { secret: '$PORTAL_SECRET' }, keepsCookies: true, after: ['listPortalSessions'] },
    },
  },
}

const opened = ['openPortalSession']

export const PORTAL: ResourceTexts = {
  tag: TAG,
  parameters: { key: 'The id of a key of your consumer.' },
  operations: {
    listPortalKeys: {
      description:
        'Lists the keys of your consumer, without deleted ones, and counts them. The session needs the scope `keys.read`.',
      permissions: [],
      example: { after: opened },
    },
    createPortalKey: {
      description:
        'Creates a secret key of your consumer, without roles. The `token` is shown only once. If the key that made the link has an expiry, address rules or rate limits, the new key needs bounds that are no wider. The session needs the scope `keys.create`.',
      permissions: [],
      example: { body: { name: 'Web shop' }, saves: { PORTAL_KEY_ID: '.key.id' }, after: opened },
    },
    getPortalKey: {
      description:
        'Answers with a key of your consumer, and how a roll goes on. The key of another consumer gets 404 `not_found`. The session needs the scope `keys.read`.',
      permissions: [],
      example: { path: { key: '$PORTAL_KEY_ID' } },
    },
    rollPortalKey: {
      description:
        'Creates a new secret for a key of your consumer; the old one works for `graceSeconds` more, by default 12 hours. The new `token` is shown only once. A key whose roles permit anything in Sallyport gets 403 `permission_missing`: it reaches beyond your consumer. The session needs the scope `keys.roll`.',
      permissions: [],
      example: { path: { key: '$PORTAL_KEY_ID' }, body: { graceSeconds: 3600 }, after: ['getPortalKey'] },
    },
    undoPortalRoll: {
      description:
        'Ends the new secret of a rolling key of your consumer, and keeps the old one. Without a pending roll the answer is 409 `conflict`. The session needs the scope `keys.roll`.',
      permissions: [],
      example: { path: { key: '$PORTAL_KEY_ID' }, body: {}, after: ['rollPortalKey'] },
    },
    finishPortalRoll: {
      description:
        'Ends the old secret of a rolling key of your consumer before its grace is over. Without a pending roll the answer is 409 `conflict`. The session needs the scope `keys.roll`.',
      permissions: [],
      example: { path: { key: '$PORTAL_KEY_ID' }, body: {}, after: ['rollPortalKey'] },
    },
    deletePortalKey: {
      description:
        'Deletes a key of your consumer for good. Gateways reject it as soon as the receipt is confirmed. The session needs the scope `keys.delete`.',
      permissions: [],
      example: {
        path: { key: '$PORTAL_KEY_ID' },
        query: { wait: '10' },
        after: ['finishPortalRoll', 'undoPortalRoll'],
      },
    },
    listPortalPipelines: {
      description:
        'Lists the live deployments of the pipelines that your consumer may call, in its environment, oldest first: their URLs, and the credentials that they demand. Each portal session may read it.',
      permissions: [],
      example: { after: opened },
    },
    readPortalUsage: {
      description:
        'Sums up the requests of your consumer by time, and by key, secret, pipeline or outcome. The session needs the scope `usage.read`.',
      permissions: [],
      example: { query: { groupBy: 'key', interval: 'hour' }, after: opened },
    },
    getPortal: {
      description:
        'Answers with what the session is about: its consumer, what it allows now, and when it ends.',
      permissions: [],
      example: { after: opened },
    },
    leavePortal: {
      description: 'Ends the portal session at once and removes its cookie.',
      permissions: [],
      example: { after: ['deletePortalKey', 'listPortalPipelines', 'readPortalUsage', 'getPortal'] },
    },
  },
}

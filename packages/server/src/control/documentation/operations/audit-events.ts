import type { ResourceTexts, Tag } from './operation-text.ts'

const TAG: Tag = {
  name: 'Audit',
  description: 'The audit log records every change, who made it and when, and refused changes.',
}

export const AUDIT_EVENTS: ResourceTexts = {
  tag: TAG,
  operations: {
    listAuditEvents: {
      description:
        'Lists every change in the organization, newest first: who did what to which resource, with the state before and after, and the hash of the previous event, so that a missing or altered event shows. A page with two or more of `actor`, `action` and `target` can have fewer events than `limit`, even none, while `next` is not null. With `Accept: application/x-ndjson` or `text/csv`, the answer is an export of all of these events, oldest first, without pages; NDJSON ends with a signed checkpoint, so that `npm run audit -- verify FILE` can check it. An export is itself an event; an actor has one at a time and starts at most 30 an hour.',
      permissions: ['audit.read'],
      example: { query: { action: 'keys.*', limit: '20' } },
    },
  },
}

export const AUDIT_KEYS: ResourceTexts = {
  tag: TAG,
  operations: {
    listAuditKeys: {
      description:
        'Lists the public keys that sign the checkpoints of audit logs: one, which is made once and is the same for all processes. It needs no credential.',
      permissions: [],
      example: {},
    },
  },
}

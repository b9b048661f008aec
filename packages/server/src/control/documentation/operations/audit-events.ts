import type { ResourceTexts } from './operation-text.ts'

export const AUDIT_EVENTS: ResourceTexts = {
  tag: { name: 'Audit', description: 'The audit log records every change, who made it and when.' },
  operations: {
    listAuditEvents: {
      description:
        'Lists every change in the organization, newest first: who did what to which resource, with the state before and after. Each event contains the hash of the previous one, so that a missing or altered event shows. A page with two or more of `actor`, `action` and `target` can have fewer events than `limit`, even none, while `next` is not null.',
      permissions: ['audit.read'],
      example: { query: { action: 'keys.*', limit: '20' } },
    },
  },
}

import { createPublicKey } from 'node:crypto'
import { CheckpointSigner } from '../../app/audit/checkpoint-signer.ts'
import { AuditExports } from '../../app/audit/export-audit-events.ts'
import { listAuditEvents } from '../../app/audit/reading.ts'
import { auditEvent, auditFilter, auditKeyList } from '../../contract/audit-events.ts'
import { preferredToJson } from '../answers/accepted-type.ts'
import { auditEventAnswer } from '../answers/audit-event-answer.ts'
import { AUDIT_EXPORT_FORMS } from '../answers/audit-export.ts'
import { sendExport } from '../answers/export-form.ts'
import { publicKeyFingerprint } from '../../store/audit/audit-checkpoint.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'
import { documented } from '../routing/route-schema.ts'
import { requireOwnPage } from '../sessions/cross-origin.ts'

export function auditEventRoutes(api: ControlApi): void {
  const { store, monotonicMs, publicUrl } = api.deps
  const exports = new AuditExports({ store, monotonicMs, signer: new CheckpointSigner(api.deps) })
  resourceRoutes(api, 'Audit').list(
    {
      path: '/v1/organizations/:organization/audit-events',
      operationId: 'listAuditEvents',
      summary: 'List the audit log, newest first, or export it',
      query: auditFilter,
      item: auditEvent,
      otherForms: {
        mediaTypes: AUDIT_EXPORT_FORMS.map(({ mediaType }) => mediaType),
        async answer(request, reply, context, { limit: _limit, cursor: _cursor, ...search }) {
          // HEAD would read a whole export for nothing.
          const { accept } = request.headers
          const form = request.method === 'GET' ? preferredToJson(accept, AUDIT_EXPORT_FORMS) : undefined
          if (form === undefined) return undefined
          // An export leaves an event and uses up the person's exports. A page of the same site could send this `Accept`.
          if (context.actor.kind === 'member') requireOwnPage(request, publicUrl())
          return sendExport(reply, await exports.begin(context, search, form.mediaType), form, 'audit')
        },
      },
    },
    listAuditEvents,
    auditEventAnswer,
  )
}

/** The key that signs audit logs. It needs no credential: whoever checks an export must be able to ask for it. */
export function auditKeyRoutes({ app, deps }: ControlApi): void {
  const signer = new CheckpointSigner(deps)
  app.get(
    '/v1/audit-keys',
    {
      schema: {
        ...documented('Audit', 'listAuditKeys', 'List the public keys that sign audit logs'),
        security: [],
        response: { 200: auditKeyList },
      },
    },
    async () => {
      const { id, publicKey, createdAtMs } = await signer.key()
      const fingerprint = publicKeyFingerprint(createPublicKey(publicKey))
      const createdAt = timestampAnswer(createdAtMs)
      return { items: [{ id, algorithm: 'Ed25519' as const, publicKey, fingerprint, createdAt }], next: null }
    },
  )
}

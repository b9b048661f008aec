import { auditedBasicCredential, auditedKey, auditEntry } from '../audit/audit-entry.ts'
import { requireOn } from '../access/permission-checks.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'
import type { OperationContext } from '../access/context.ts'
import { alignHandOvers } from '../hand-overs/follow-key.ts'
import { endPortalSessionsOf } from '../portal/end-portal-session.ts'
import { BASIC_CREDENTIALS_PER_CONSUMER_MAX } from '../basic-credentials/create-basic-credential.ts'

export interface RemoveConsumerInput {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
}
export interface RemovedConsumer {
  readonly revision: number
}

/**
 * Removes a consumer with its Basic credentials, and ends its portal sessions. Its keys become tombstones, so that
 * callers still receive `key_deleted`.
 */
export async function removeConsumer(
  context: OperationContext,
  { organization, consumer: id }: RemoveConsumerInput,
): Promise<RemovedConsumer> {
  const { revision } = await context.store.write(async (tx) => {
    const consumer = await permittedConsumer(context, tx.consumers, organization, id, 'consumers.write')
    for (const before of await tx.keys.allOfConsumer(organization, id)) {
      if (before.deletedAtMs !== null) continue
      requireOn(context, 'keys.delete', {
        organization,
        name: `consumer "${id}"`,
        read: ['consumers.read'],
        target: { environment: consumer.environment },
      })
      const after = { ...before, deletedAtMs: context.nowMs() }
      await tx.keys.update(after)
      await alignHandOvers(tx, context, after)
      tx.audit(
        auditEntry(context, organization, 'keys.delete', `key/${before.id}`, {
          before: auditedKey(before),
          after: auditedKey(after),
        }),
      )
    }
    const all = { limit: BASIC_CREDENTIALS_PER_CONSUMER_MAX }
    for (const credential of (await tx.basicCredentials.listOfConsumer(organization, id, all)).items) {
      tx.audit(
        auditEntry(context, organization, 'basic-credentials.remove', `basic-credential/${credential.id}`, {
          before: auditedBasicCredential(credential),
        }),
      )
    }
    await endPortalSessionsOf(tx, context, { organization, consumer: id })
    await tx.basicCredentials.removeAllOfConsumer(organization, id)
    await tx.consumers.remove(organization, id)
    tx.audit(auditEntry(context, organization, 'consumers.remove', `consumer/${id}`, { before: consumer }))
  })
  return { revision }
}

import { notFound } from '../access/permission-checks.ts'
import { auditedBasicCredential, auditEntry } from '../audit/audit-entry.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'
import type { OperationContext } from '../access/context.ts'

export interface RemoveBasicCredentialInput {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
  readonly username: string
}
export interface RemovedBasicCredential {
  readonly revision: number
}

/** Removes a Basic credential of a consumer; its username becomes free. */
export async function removeBasicCredential(
  context: OperationContext,
  { organization, consumer: id, username }: RemoveBasicCredentialInput,
): Promise<RemovedBasicCredential> {
  const { revision } = await context.store.write(async (tx) => {
    const consumer = await permittedConsumer(context, tx.consumers, organization, id, 'consumers.write')
    const row = await tx.basicCredentials.getByUsername(organization, consumer.environment, username)
    if (row?.consumer !== id) throw notFound(`Basic credential "${username}" of consumer "${id}"`)
    await tx.basicCredentials.remove(organization, row.id)
    tx.audit(
      auditEntry(context, organization, 'basic-credentials.remove', `basic-credential/${row.id}`, {
        before: auditedBasicCredential(row),
      }),
    )
  })
  return { revision }
}

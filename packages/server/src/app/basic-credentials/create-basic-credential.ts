import type { BasicCredentialRow } from '../../store/port/basic-credentials.ts'
import { FairSemaphore } from '../../fairness/fair-semaphore.ts'
import { generatePassword, hashPassword } from '../../crypto/password-hash.ts'
import { auditEntry } from '../audit/audit-entry.ts'
import { auditedBasicCredential, usernameErrors } from './basic-credential-fields.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'
import type { OperationContext } from '../access/context.ts'
import { newId } from '../new-id.ts'
import { conflict, requireNone } from '../refusals.ts'

/** The most Basic credentials of one consumer. */
export const BASIC_CREDENTIALS_PER_CONSUMER_MAX = 20

/** New passwords are hashed one at a time, so that the thread pool is left to those that callers show. */
const hashing = new FairSemaphore({ runningMax: 1, waitingMax: 64 })

export interface CreateBasicCredentialInput {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
  readonly username: string
}
export interface CreatedBasicCredential {
  readonly username: string
  /** Shown this once. */
  readonly password: string
  readonly createdAtMs: number
  readonly createdBy: string
}

/**
 * Makes a username and a password with which a consumer may call. Only the password's hash is kept.
 *
 * @throws Problem `conflict` when the consumer's environment has the username already, or the consumer too many
 */
export async function createBasicCredential(
  context: OperationContext,
  { organization, consumer: id, username }: CreateBasicCredentialInput,
): Promise<CreatedBasicCredential> {
  // Asked for twice: here, so that only who may do this has us hash; and below, where the answer holds to the commit.
  await permittedConsumer(context, context.store.read.consumers, organization, id, 'consumers.write')
  requireNone(usernameErrors('/username', username))
  const password = generatePassword(context.randomBytes)
  // Before the transaction, which keeps all other writers waiting.
  const passwordHash = await hashing.run(
    organization,
    async () => await hashPassword(password, context.randomBytes),
  )
  const { value } = await context.store.write(async (tx) => {
    const consumer = await permittedConsumer(context, tx.consumers, organization, id, 'consumers.write')
    const { environment } = consumer
    if ((await tx.basicCredentials.getByUsername(organization, environment, username)) !== undefined) {
      throw conflict(`The username "${username}" is taken in ${environment}. Choose another one.`)
    }
    const count = await tx.basicCredentials.countOfConsumer(organization, id)
    if (count >= BASIC_CREDENTIALS_PER_CONSUMER_MAX) {
      throw conflict(
        `A consumer has at most ${BASIC_CREDENTIALS_PER_CONSUMER_MAX} Basic credentials. Remove one that is not used.`,
      )
    }
    const row: BasicCredentialRow = {
      organization,
      environment,
      id: newId('bas', context.randomBytes),
      username,
      consumer: id,
      passwordHash,
      createdAtMs: context.nowMs(),
      createdBy: context.actor.id,
    }
    await tx.basicCredentials.insert(row)
    tx.audit(
      auditEntry(context, organization, 'basic-credentials.create', `basic-credential/${row.id}`, {
        after: auditedBasicCredential(row),
      }),
    )
    return { username, password, createdAtMs: row.createdAtMs, createdBy: row.createdBy }
  })
  return value
}

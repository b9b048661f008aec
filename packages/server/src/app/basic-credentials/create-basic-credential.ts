import { isDotSegment, type Username } from '@sallyport/core'
import type { BasicCredentialRow } from '../../store/port/basic-credentials.ts'
import { FairSemaphore } from '../../fairness/fair-semaphore.ts'
import { generatePassword, hashPassword } from '../../crypto/password-hash.ts'
import { auditedBasicCredential, auditEntry } from '../audit/audit-entry.ts'
import { permittedConsumer } from '../access/permitted-consumer.ts'
import type { OperationContext } from '../access/context.ts'
import { NO_BOUNDS } from '../access/credential-bounds.ts'
import { requireWithinBounds } from '../access/roles.ts'
import { newId } from '../new-id.ts'
import { conflict, invalidRequest } from '../refusals.ts'

/** The most Basic credentials of one consumer. */
export const BASIC_CREDENTIALS_PER_CONSUMER_MAX = 20

/** New passwords are hashed one at a time, which leaves the thread pool to the passwords that callers send. */
const hashing = new FairSemaphore({ runningMax: 1, waitingMax: 64 })

export interface CreateBasicCredentialInput {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
  readonly username: Username
}
export interface CreatedBasicCredential {
  readonly username: string
  /** Shown only once. */
  readonly password: string
  readonly createdAtMs: number
  readonly createdBy: string
}

/**
 * Creates a username and a password for a consumer. Only the hash of the password is stored.
 *
 * @throws Problem `conflict` if the username is taken in the consumer's environment, or the consumer has too many;
 *   `permission_missing` also for an actor whose own key ends or is limited, because a Basic credential never ends
 */
export async function createBasicCredential(
  context: OperationContext,
  { organization, consumer: id, username }: CreateBasicCredentialInput,
): Promise<CreatedBasicCredential> {
  // Checked twice: here, so that only a permitted actor can make us hash; and in the transaction, where the result still
  // holds at the commit.
  await permittedConsumer(context, context.store.read.consumers, organization, id, 'consumers.write')
  requireWithinBounds(context, 'consumers.write', NO_BOUNDS)
  if (isDotSegment(username)) {
    const message = `URLs cannot contain "${username}" as a path segment. Choose another username.`
    throw invalidRequest([{ path: '/username', message }])
  }
  const password = generatePassword(context.randomBytes)
  // Before the transaction, which blocks all other writers.
  const passwordHash = await hashing.run(
    { organization, pipeline: '' },
    async () => await hashPassword(password, context.randomBytes),
  )
  const { value } = await context.store.write(async (tx) => {
    const consumer = await permittedConsumer(context, tx.consumers, organization, id, 'consumers.write')
    requireWithinBounds(context, 'consumers.write', NO_BOUNDS)
    const { environment } = consumer
    if ((await tx.basicCredentials.getByUsername(organization, environment, username)) !== undefined) {
      throw conflict(`The username "${username}" is taken in ${environment}. Choose another one.`)
    }
    const count = await tx.basicCredentials.countOfConsumer(organization, id)
    if (count >= BASIC_CREDENTIALS_PER_CONSUMER_MAX) {
      throw conflict(
        `A consumer has at most ${BASIC_CREDENTIALS_PER_CONSUMER_MAX} Basic credentials. Remove an unused one.`,
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

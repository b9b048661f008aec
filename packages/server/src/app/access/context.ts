import type { EnvironmentHosts, KeyId, QuotaNumbers } from '@sallyport/core'
import type { Sealer } from '../../crypto/seal.ts'
import type { Outbox } from '../../mail/outbox.ts'
import type { Store } from '../../store/port/store.ts'
import type { Actor } from './actor.ts'

/** What every operation gets besides its input. */
export interface OperationContext {
  /** An operation runs at most one write transaction; the value of that transaction is the operation's whole result. */
  readonly store: Pick<Store, 'read' | 'write'>
  readonly nowMs: () => number
  /** Returns that many bytes from a cryptographic source. */
  readonly randomBytes: (count: number) => Uint8Array
  /** Encrypts what is stored. Only the gateway decrypts values of organizations. */
  readonly sealer: Sealer
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
  /** The limits of an organization. */
  readonly quotaLimits: (organization: string) => QuotaNumbers
  /** How many organizations one person can create in all. */
  readonly organizationsPerPerson: number
  /** The hosts that the operator gives to environments. */
  readonly hosts: EnvironmentHosts
  /** Whether an IP address may be called: it is public, or the operator listed it. */
  readonly mayCall: (address: string) => boolean
  /** Sends mails; null if the installation sends none. */
  readonly mails: Pick<Outbox, 'post'> | null
  /** The URL that people open, without a trailing slash: for links. */
  readonly publicUrl: () => string
  readonly actor: Actor
}

/** A store whose write transactions take turns with those of other organizations and actors. */
export function sharedStore(
  store: Pick<Store, 'read' | 'write'>,
  actor: Actor,
): Pick<Store, 'read' | 'write'> {
  const [organization = ''] = actor.organizations
  return {
    read: store.read,
    write: async (work) => await store.write(work, { organization, actor: actor.id }),
  }
}

/**
 * A store whose write transactions read the actor again before anything else. What the actor may do is thus decided on
 * the state that its change is made in, and no operation can forget it.
 */
export function authorizedStore(
  { store, nowMs }: Pick<OperationContext, 'store' | 'nowMs'>,
  actor: Actor,
): Pick<Store, 'read' | 'write'> {
  return {
    read: store.read,
    write: async (work) =>
      await store.write(async (tx) => {
        await actor.renew?.(tx, nowMs())
        return await work(tx)
      }),
  }
}

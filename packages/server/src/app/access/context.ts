import type { Grant, Target } from '@sallyport/core'
import type { Store } from '../../store/port/store.ts'
import type { Sealer } from '../../crypto/seal.ts'

/** What every operation is given beside its input. */
export interface OperationContext {
  /** Each operation runs at most one write transaction, and what that gives is the operation's whole result. */
  readonly store: Pick<Store, 'read' | 'write'>
  readonly nowMs: () => number
  /** That many bytes from a cryptographic source. */
  readonly randomBytes: (count: number) => Uint8Array
  /** Seals what is kept to be used and never shown; what was sealed the gateway alone opens. */
  readonly sealer: Pick<Sealer, 'seal'>
  readonly actor: Actor
}

/** What an operation has while nobody is signed in yet. */
export type AnonymousContext = Omit<OperationContext, 'actor'>

/** Who acts. */
export interface Actor {
  /** `key_…` */
  readonly id: string
  /** The key's own organization. */
  readonly organization: string
  /** Already narrowed to the key's environment where it has one; empty for a public key. */
  readonly grants: readonly Grant[]
}

/** Which scopes a kind of thing has: a grant narrowed by any other scope never reaches one. */
export type Scope = keyof Target

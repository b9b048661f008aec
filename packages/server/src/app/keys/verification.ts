import type {
  BasicFact,
  EnvironmentView,
  JwtFact,
  KeyId,
  Labels,
  Permission,
  RouteFact,
  Snapshot,
} from '@sallyport/core'
import type { Actor } from '../access/actor.ts'
import type { OperationContext } from '../access/context.ts'

export interface VerifyCredentialInput {
  readonly organization: string
  /** The token of an API key. */
  readonly token?: string | undefined
  readonly jwt?: string | undefined
  readonly basic?: { readonly username: string; readonly password: string } | undefined
  readonly environment?: string | undefined
  /** A pipeline's name. */
  readonly pipeline?: string | undefined
  /** A permission that the key's roles must grant as well. */
  readonly permission?: Permission | undefined
  /** The HTTP method of the call to the pipeline. */
  readonly method?: string | undefined
  /** The path of the call within the environment. */
  readonly path?: string | undefined
  /** The host of the call. */
  readonly host?: string | undefined
  /** The caller's address; a key with address rules is invalid without it. */
  readonly address?: string | undefined
}

/** A part of the call that its pipeline demands and that was not sent. */
export type MissingPart = 'token' | 'jwt' | 'basic' | 'address'

export interface VerifiedCredential {
  readonly valid: boolean
  /** `valid`, or the code with which the gateway would refuse the call. */
  readonly code: string
  readonly missing: readonly MissingPart[]
  /** The key, if the token contains one of its secrets and the actor may know about the key. */
  readonly key: VerifiedKey | null
  /** The id of the consumer that the credentials identify, or null. */
  readonly consumer: string | null
  readonly asOfRevision: number
}

/** A key as this organization knows it: a foreign key has its roles here, and nothing of its own organization. */
export interface VerifiedKey {
  readonly id: string
  readonly isPublic: boolean
  readonly organization: string
  readonly environment: string | null
  /** The consumer's id. */
  readonly consumer: string | null
  readonly roles: readonly string[]
  /** Of the key itself, without those of its consumer; none of a foreign key. */
  readonly labels: Labels
}

/** How a gateway finds the facts that a decision needs. */
export interface GatewayFacts {
  /**
   * The route of a call.
   *
   * @param method undefined for any method of the path
   * @param host one of the environment; undefined for the path of the environment on other hosts
   * @throws Problem `invalid_request` for a path that a gateway refuses
   */
  route(
    environment: EnvironmentView | undefined,
    method: string | undefined,
    path: string,
    host: string | undefined,
  ): RouteFact
  basic(snapshot: Snapshot, check: PasswordCheck): BasicFact | Promise<BasicFact>
  jwt(environment: EnvironmentView, token: string, nowMs: number): JwtFact | Promise<JwtFact>
}

interface PasswordCheck {
  readonly organization: string
  readonly environment: string
  readonly username: string
  readonly password: string
}

export interface VerifyContext extends Pick<OperationContext, 'nowMs'> {
  readonly actor: Pick<Actor, 'grantsIn' | 'record'>
  readonly snapshot: Snapshot
  readonly facts: GatewayFacts
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
}

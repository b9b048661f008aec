/**
 * What an enrolled process is for. A `gate` decides inside another program, and runs no pipeline: it gets no key that opens
 * sealed values.
 */
export const FLEET_ROLES = ['gateway', 'relay', 'gate'] as const
export type FleetRole = (typeof FLEET_ROLES)[number]

/** A token with which gateways enrol. Only its hash is kept. */
export interface EnrolmentTokenRow {
  /** SHA-256 of the token, as 64 lower-case hexadecimal digits. */
  readonly digest: string
  /** What the gateways are called. */
  readonly name: string
  readonly role: FleetRole
  /** How many gateways can still enrol with it. */
  readonly usesLeft: number
  /** In ms since 1970. */
  readonly createdAtMs: number
  readonly expiresAtMs: number
}

/** A process without a database that has enrolled. */
export interface EnrolledGateway {
  readonly id: string
  readonly name: string
  readonly role: FleetRole
}

/** The gateways that may have a stream, and their credentials. Each call is a transaction of its own. */
export interface GatewayEnrolments {
  addToken(row: EnrolmentTokenRow): Promise<void>
  /** The role of the processes that a token is for; undefined for an unknown token. */
  roleOfToken(tokenDigest: string): Promise<FleetRole | undefined>
  /**
   * Uses a token once and adds a gateway.
   *
   * @returns the gateway, or undefined if the token is unknown, used up or expired
   */
  enrol(
    tokenDigest: string,
    gateway: { readonly id: string; readonly credentialDigest: string },
    nowMs: number,
  ): Promise<EnrolledGateway | undefined>
  /** The gateway with a credential of this hash. */
  find(credentialDigest: string): Promise<EnrolledGateway | undefined>
  /** Replaces the credential of a gateway. @returns whether it had the one with the first hash */
  replaceCredential(id: string, fromDigest: string, toDigest: string): Promise<boolean>
  /** Removes a gateway: it gets no stream any more. @returns whether there was one with this id */
  remove(id: string, nowMs: number): Promise<boolean>
  /** Whether the last gateway with a credential of this hash was removed. */
  isRemoved(credentialDigest: string): Promise<boolean>
  /** Deletes tokens that expired before. */
  prune(nowMs: number): Promise<void>
}

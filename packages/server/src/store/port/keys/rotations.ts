import type { KeyId, RotationProblem } from '@sallyport/core'

/** A scheduled roll whose new token has not arrived yet. The old secret works until then. */
export interface PendingRotation {
  /** The `sequence` of the new secret. */
  readonly secretSequence: number
  /** What the webhook is to receive, sealed under the master key. */
  readonly sealed: string
  readonly sinceMs: number
  /** From when the token is no longer sent, and the link no longer opens. */
  readonly untilMs: number
  /** The id of the hand-over whose link is sent; null if the token itself is. */
  readonly handOver: string | null
  /** The `subject` of the event that delivers it, which is unique in the organization. */
  readonly subject: string
}

/** A schedule by which a key rolls, and how far it has come. */
export interface RotationRow {
  readonly organization: string
  readonly key: KeyId
  readonly everyDays: number
  /** The id of the webhook that receives the new tokens. */
  readonly webhook: string
  /** SHA-256 of the URL that the webhook had when it was chosen, so that a token never goes to another one. */
  readonly urlDigest: string
  /** How long a link to the token can be opened, in hours; null to send the token itself. */
  readonly handOverHours: number | null
  readonly updatedAtMs: number
  /** The id of the actor in whose place the key is rolled. */
  readonly updatedBy: string
  /** When to look at it again. */
  readonly dueAtMs: number
  /** Rolls in a row that were undone, because their token did not arrive. */
  readonly failures: number
  readonly problem: RotationProblem | null
  /** Since when there is the problem; null if there is none. */
  readonly problemAtMs: number | null
  /** When a new token arrived last; null for never. */
  readonly rotatedAtMs: number | null
  readonly pending: PendingRotation | null
}

/** Names a rotation. */
export type RotationName = Pick<RotationRow, 'organization' | 'key'>

export interface RotationReader {
  get(organization: string, key: KeyId): Promise<RotationRow | undefined>
}

export interface RotationWriter extends RotationReader {
  /** Those of all organizations that are due: at most `limit`, the longest due first. */
  due(nowMs: number, limit: number): Promise<readonly RotationName[]>
  /** Those whose new token waits for its delivery to a webhook. */
  delivering(organization: string, webhook: string): Promise<readonly RotationName[]>
  /** The deletion of the key removes it. */
  insert(row: RotationRow): Promise<void>
  /** Replaces all of it. @throws Problem `not_found` */
  replace(row: RotationRow): Promise<void>
  /** Sets when to look at it again, which is no change that needs an audit record. */
  postpone(name: RotationName, dueAtMs: number): Promise<void>
  /** @throws Problem `not_found` */
  remove(organization: string, key: KeyId): Promise<void>
}

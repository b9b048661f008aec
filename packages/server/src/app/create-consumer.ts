import type { ConsumerRow, KeyRow } from '../store/rows.ts'

export interface CreateConsumerInput {
  readonly organization: string
  readonly name: string
  readonly description?: string | null | undefined
  readonly environment: string
  readonly pipelines?: readonly string[] | undefined
}
export interface CreatedConsumer {
  readonly consumer: ConsumerRow
  readonly key: KeyRow
  /** Shown this once. */
  readonly token: string
}

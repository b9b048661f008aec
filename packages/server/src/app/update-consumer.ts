import type { ConsumerRow } from '../store/rows.ts'

export interface UpdateConsumerInput {
  readonly organization: string
  readonly consumer: string
  readonly description?: string | null | undefined
  readonly pipelines?: readonly string[] | undefined
  readonly status?: 'active' | 'inactive' | undefined
}
export interface UpdatedConsumer {
  readonly consumer: ConsumerRow
  readonly revision: number
}

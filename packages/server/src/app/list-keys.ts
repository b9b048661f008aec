import type { PageRequest } from '../store/store.ts'

export interface ListKeysInput extends PageRequest {
  readonly organization: string
  readonly environment?: string | undefined
  /** A consumer's id. */
  readonly consumer?: string | undefined
  readonly includeDeleted?: boolean | undefined
}

import type { PageRequest } from '../store/store.ts'

export interface ListVersionsInput extends PageRequest {
  readonly organization: string
  readonly pipeline: string
}

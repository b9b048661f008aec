import type { PageRequest } from '../store/store.ts'

export interface ListPipelinesInput extends PageRequest {
  readonly organization: string
  readonly project?: string | undefined
}

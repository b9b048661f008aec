import type { PageRequest } from '../store/store.ts'

export interface ListEnvironmentsInput extends PageRequest {
  readonly organization: string
}

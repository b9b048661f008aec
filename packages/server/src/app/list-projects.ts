import type { PageRequest } from '../store/store.ts'

export interface ListProjectsInput extends PageRequest {
  readonly organization: string
}

import type { PageRequest } from '../store/store.ts'

export interface ListConsumersInput extends PageRequest {
  readonly organization: string
  readonly environment?: string | undefined
}

import type { PageRequest } from '../store/store.ts'

export interface ListDeploymentsInput extends PageRequest {
  readonly organization: string
  readonly environment?: string | undefined
  readonly pipeline?: string | undefined
}

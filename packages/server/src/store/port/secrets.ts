import type { PageRequest, Page } from './pages/paging.ts'

/** A secret of an environment. */
export interface EnvironmentSecretRow {
  readonly organization: string
  readonly environment: string
  readonly id: string
  /** Unique within the environment; never changes. */
  readonly name: string
  readonly sealedValue: string
  readonly createdAtMs: number
  readonly updatedAtMs: number
  readonly updatedBy: string
}

export interface EnvironmentSecretReader {
  get(organization: string, environment: string, name: string): Promise<EnvironmentSecretRow | undefined>
  list(organization: string, environment: string, page: PageRequest): Promise<Page<EnvironmentSecretRow>>
  /** All names in an environment, in order. */
  names(organization: string, environment: string): Promise<readonly string[]>
}

export interface EnvironmentSecretWriter extends EnvironmentSecretReader {
  insert(row: EnvironmentSecretRow): Promise<void>
  /** Replaces the value, `updatedAtMs` and `updatedBy`; other columns stay. */
  update(row: EnvironmentSecretRow): Promise<void>
  remove(organization: string, environment: string, name: string): Promise<void>
}

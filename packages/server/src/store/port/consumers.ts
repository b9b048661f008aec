import type { LabelFilter, Labels } from '@sallyport/core'
import type { PageRequest, Page } from './pages/paging.ts'

export interface ConsumerRow {
  readonly organization: string
  readonly id: string
  readonly name: string
  /** A name for people to read, in any script. */
  readonly title: string | null
  readonly description: string | null
  readonly environment: string
  readonly active: boolean
  readonly pipelines: readonly string[]
  /** The projects of which it may call every pipeline, also those that come later. */
  readonly projects: readonly string[]
  readonly labels: Labels
  /** The name of its plan; null for none. */
  readonly plan: string | null
  readonly createdAtMs: number
  readonly createdBy: string
}

export interface ConsumerFilter {
  readonly environment?: string | undefined
  /** The name of a plan. */
  readonly plan?: string | undefined
  /** A consumer must have each of them. */
  readonly labels?: readonly LabelFilter[] | undefined
}

export interface ConsumerReader {
  get(organization: string, id: string): Promise<ConsumerRow | undefined>
  /** The name in any case: names that differ only in it are one. The exact one if there are several. */
  getByName(organization: string, environment: string, name: string): Promise<ConsumerRow | undefined>
  /** The consumers with one of these ids, and those in one of these environments with one of these names. */
  matching(
    organization: string,
    by: {
      readonly ids: readonly string[]
      readonly names: readonly string[]
      readonly environments: readonly string[]
    },
  ): Promise<readonly Pick<ConsumerRow, 'id' | 'name' | 'environment'>[]>
  list(organization: string, page: PageRequest, filter?: ConsumerFilter): Promise<Page<ConsumerRow>>
}

export interface ConsumerWriter extends ConsumerReader {
  insert(row: ConsumerRow): Promise<void>
  /** Replaces title, description, active, pipelines, projects, labels and plan; other columns stay. */
  update(row: ConsumerRow): Promise<void>
  /** @throws Problem `conflict` while the consumer has keys or Basic credentials */
  remove(organization: string, id: string): Promise<void>
}

import type { PageRequest, Page } from './pages/paging.ts'

export interface ProjectRow {
  readonly organization: string
  readonly name: string
  readonly description: string | null
  readonly createdAtMs: number
}

export interface ProjectReader {
  get(organization: string, name: string): Promise<ProjectRow | undefined>
  list(organization: string, page: PageRequest): Promise<Page<ProjectRow>>
  countPipelines(organization: string, name: string): Promise<number>
}

export interface ProjectWriter extends ProjectReader {
  insert(row: ProjectRow): Promise<void>
  describe(organization: string, name: string, description: string | null): Promise<void>
  /** Also from the consumers that may call its pipelines. @throws Problem `conflict` while it has pipelines */
  remove(organization: string, name: string): Promise<void>
}

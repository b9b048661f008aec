import type { PageRequest, Page } from './pages/paging.ts'

/** A Basic credential of a consumer. */
export interface BasicCredentialRow {
  readonly organization: string
  readonly environment: string
  readonly id: string
  /** Unique within the environment. */
  readonly username: string
  /** The consumer's id. */
  readonly consumer: string
  /** In the PHC string format. */
  readonly passwordHash: string
  readonly createdAtMs: number
  readonly createdBy: string
}

export interface BasicCredentialReader {
  getByUsername(
    organization: string,
    environment: string,
    username: string,
  ): Promise<BasicCredentialRow | undefined>
  listOfConsumer(organization: string, consumer: string, page: PageRequest): Promise<Page<BasicCredentialRow>>
  countOfConsumer(organization: string, consumer: string): Promise<number>
}

export interface BasicCredentialWriter extends BasicCredentialReader {
  insert(row: BasicCredentialRow): Promise<void>
  remove(organization: string, id: string): Promise<void>
  removeAllOfConsumer(organization: string, consumer: string): Promise<void>
}

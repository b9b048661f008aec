import type { PublicJwk } from '@sallyport/core'
import type { PageRequest, Page } from './pages/paging.ts'

/** A trusted issuer. Exactly one of `jwksUrl` and `jwks` is null. */
export interface IssuerRow {
  readonly organization: string
  readonly environment: string
  readonly id: string
  /** Unique within the environment. */
  readonly issuer: string
  readonly audiences: readonly string[]
  readonly jwksUrl: string | null
  readonly jwks: { readonly keys: readonly PublicJwk[] } | null
  readonly createdAtMs: number
  readonly createdBy: string
}

export interface IssuerReader {
  get(organization: string, id: string): Promise<IssuerRow | undefined>
  list(organization: string, environment: string, page: PageRequest): Promise<Page<IssuerRow>>
  countOfEnvironment(organization: string, environment: string): Promise<number>
}

export interface IssuerWriter extends IssuerReader {
  /** @throws Problem `conflict` when the environment already trusts the issuer */
  insert(row: IssuerRow): Promise<void>
  remove(organization: string, id: string): Promise<void>
}

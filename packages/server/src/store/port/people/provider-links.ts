/** The account of a person at an OpenID Connect provider. */
export interface ProviderLinkRow {
  readonly person: string
  /** The id of the provider in the settings; a person has one account at each. */
  readonly provider: string
  /** The claim `sub`, which is unique at the provider. */
  readonly subject: string
  /** The e-mail address at the provider when it was linked, for people to read; null if the provider has none. */
  readonly email: string | null
  readonly createdAtMs: number
}

export interface ProviderLinkReader {
  bySubject(provider: string, subject: string): Promise<ProviderLinkRow | undefined>
  /** By provider. */
  ofPerson(person: string): Promise<readonly ProviderLinkRow[]>
}

export interface ProviderLinkWriter extends ProviderLinkReader {
  /** @throws Problem `conflict` when somebody has linked the account, or the person has linked the provider */
  insert(row: ProviderLinkRow): Promise<void>
  /** @throws Problem `not_found` */
  remove(person: string, provider: string): Promise<void>
}

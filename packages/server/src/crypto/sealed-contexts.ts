/** The record that a sealed value belongs to. */
interface SealedRecord {
  readonly organization: string
  readonly environment: string
  readonly id: string
}

/** The context for sealing an environment's secret. */
export function secretContext({ organization, environment, id }: SealedRecord): string {
  return `environment-secret/${organization}/${environment}/${id}`
}

/** The context for sealing the private half of a signing key, whose `id` is the `kid`. */
export function signingKeyContext({ organization, environment, id }: SealedRecord): string {
  return `signing-key/${organization}/${environment}/${id}`
}

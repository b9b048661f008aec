/** Where a sealed thing belongs. */
interface SealedPlace {
  readonly organization: string
  readonly environment: string
  readonly id: string
}

/** The context under which an environment's secret is sealed. */
export function secretContext({ organization, environment, id }: SealedPlace): string {
  return `environment-secret/${organization}/${environment}/${id}`
}

/**
 * The context under which the private half of a signing key is sealed.
 *
 * @param place whose `id` is the `kid`
 */
export function signingKeyContext({ organization, environment, id }: SealedPlace): string {
  return `signing-key/${organization}/${environment}/${id}`
}
